package comfyserverless.contract.mailbox;

/// A letter whose content is beyond [Mailbox#LARGEST].
public final class LetterTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LetterTooLarge(int size) {
        super(
                "the letter has "
                        + size
                        + " bytes, the limit is "
                        + Mailbox.LARGEST
                        + ": store a file and send its name");
    }
}
