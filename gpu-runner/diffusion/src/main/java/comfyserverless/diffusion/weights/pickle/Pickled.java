package comfyserverless.diffusion.weights.pickle;

import comfyserverless.diffusion.torch.DType;
import java.util.List;

/// What a pickle may hold besides dictionaries, lists, numbers, texts and truth values.
sealed interface Pickled {

    /// Python's None.
    record None() implements Pickled {
        static final None NONE = new None();
    }

    record Tuple(List<Object> items) implements Pickled {
        public Tuple {
            items = List.copyOf(items);
        }
    }

    /// A class or function, by its name; nothing is ever looked up or called.
    record Name(Known known) implements Pickled {}

    /// Something that says nothing about tensors.
    record Inert() implements Pickled {
        static final Inert INERT = new Inert();
    }

    /// Numbers of one type, in a place of their own in the file.
    ///
    /// @param key its name there
    /// @param offset of its first number in that place
    record Storage(DType type, String key, long count, long offset) implements Pickled {}

    /// A tensor over a part of a storage.
    ///
    /// @param offset of its first number in the storage
    record StoredTensor(Storage storage, long offset, List<Long> shape, List<Long> strides)
            implements Pickled {
        public StoredTensor {
            shape = List.copyOf(shape);
            strides = List.copyOf(strides);
        }
    }
}
