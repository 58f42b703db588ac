package comfyserverless.localstack.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.localstack.emulator.aws.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

class EmbeddedSqsIT {
    @TempDir private Path folder;
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private EmbeddedSqs sqs;
    private SqsClient client;
    private String queue;

    @BeforeEach
    void start() throws IOException {
        open();
        queue = client.createQueue(b -> b.queueName("tickets")).queueUrl();
    }

    private void open() throws IOException {
        sqs = EmbeddedSqs.start(folder.resolve("queue.mv"), clock, Faults.NONE);
        client =
                SqsClient.builder()
                        .endpointOverride(sqs.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("local", "local")))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }

    @AfterEach
    void stop() {
        client.close();
        sqs.close();
    }

    private void send(String body) {
        client.sendMessage(b -> b.queueUrl(queue).messageBody(body));
    }

    private List<Message> receive(int wait) {
        return client.receiveMessage(b ->
                        b.queueUrl(queue)
                                .maxNumberOfMessages(10)
                                .waitTimeSeconds(wait)
                                .visibilityTimeout(60)
                                .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                                .messageAttributeNames("All"))
                .messages();
    }

    private void pass(Duration time) {
        now.updateAndGet(t -> t.plus(time));
    }

    @Test
    void a_message_is_hidden_while_it_is_worked_on_and_comes_back_when_the_time_is_over() {
        send("one");
        assertThat(receive(0)).extracting(Message::body).containsExactly("one");
        assertThat(receive(0)).isEmpty();
        pass(Duration.ofSeconds(61));
        assertThat(receive(0))
                .singleElement()
                .satisfies(m ->
                        assertThat(m.attributes())
                                .containsEntry(
                                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2"));
    }

    @Test
    void a_deleted_message_is_gone() {
        send("one");
        Message message = receive(0).getFirst();
        client.deleteMessage(b -> b.queueUrl(queue).receiptHandle(message.receiptHandle()));
        pass(Duration.ofSeconds(61));
        assertThat(receive(0)).isEmpty();
    }

    @Test
    void visibility_can_be_extended_and_ended() {
        send("one");
        Message message = receive(0).getFirst();
        pass(Duration.ofSeconds(50));
        changeVisibility(message, 60);
        pass(Duration.ofSeconds(50));
        assertThat(receive(0)).isEmpty();
        changeVisibility(message, 0);
        assertThat(receive(0)).hasSize(1);
    }

    private void changeVisibility(Message message, int seconds) {
        client.changeMessageVisibility(b ->
                b.queueUrl(queue)
                        .receiptHandle(message.receiptHandle())
                        .visibilityTimeout(seconds));
    }

    @Test
    void a_long_poll_answers_when_a_message_arrives() {
        CompletableFuture<List<Message>> poll = CompletableFuture.supplyAsync(() -> receive(20));
        send("one");
        assertThat(poll)
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(found -> assertThat(found).hasSize(1));
    }

    @Test
    void a_message_received_too_often_goes_to_the_dead_letter_queue() {
        String dead = client.createQueue(b -> b.queueName("dead")).queueUrl();
        String policy =
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":2}";
        client.setQueueAttributes(b ->
                b.queueUrl(queue).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
        send("poison");
        for (int i = 0; i < 2; i++) {
            assertThat(receive(0)).hasSize(1);
            pass(Duration.ofSeconds(61));
        }
        assertThat(receive(0)).isEmpty();
        assertThat(client.receiveMessage(b -> b.queueUrl(dead)).messages())
                .extracting(Message::body)
                .containsExactly("poison");
    }

    @Test
    void messages_and_their_deliveries_survive_a_restart() throws IOException {
        send("taken");
        Message taken = receive(0).getFirst();
        send("waiting");
        stop();
        open();
        assertThat(client.getQueueUrl(b -> b.queueName("tickets")).queueUrl()).isEqualTo(queue);
        assertThat(receive(0)).extracting(Message::body).containsExactly("waiting");
        client.deleteMessage(b -> b.queueUrl(queue).receiptHandle(taken.receiptHandle()));
        pass(Duration.ofSeconds(61));
        assertThat(receive(0)).extracting(Message::body).containsExactly("waiting");
    }

    @Test
    void attributes_travel_with_a_message() {
        client.sendMessage(b ->
                b.queueUrl(queue)
                        .messageBody("one")
                        .messageAttributes(
                                Map.of(
                                        "kind",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("x")
                                                .build())));
        assertThat(receive(0).getFirst().messageAttributes()).containsKey("kind");
    }

    @Test
    void counts_tell_what_waits_and_what_is_worked_on() {
        send("one");
        send("two");
        assertThat(receive(0)).hasSize(2);
        send("three");
        Map<QueueAttributeName, String> counts =
                client.getQueueAttributes(
                                b -> b.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
                        .attributes();
        assertThat(counts)
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "1")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "2");
    }

    @Test
    void an_unknown_queue_is_said_to_be_unknown() {
        assertThatThrownBy(() -> client.getQueueUrl(b -> b.queueName("none")))
                .isInstanceOf(QueueDoesNotExistException.class);
    }
}
