package io.penstock.standalone.faults;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Chat calls one after the other, a second apart, through each of some replicas of the API in turn, by the
/// official client without its repeats.
final class SteadyChat implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<OpenAIClient> replicas;
    private final String model;

    /// Calls `model` from now on.
    SteadyChat(List<URI> replicas, String model) {
        this.replicas = replicas.stream()
                .map(replica -> OpenAIOkHttpClient.builder()
                        .baseUrl(replica.toString())
                        .apiKey("none")
                        .maxRetries(0)
                        .build())
                .toList();
        this.model = model;
        var _ = thread.scheduleWithFixedDelay(this::next, 0, 1, TimeUnit.SECONDS);
    }

    /// Calls that got an answer with content.
    int answered() {
        return answered.get();
    }

    /// Why the other ones failed.
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        replicas.forEach(OpenAIClient::close);
    }

    private void next() {
        int number = calls.getAndIncrement();
        try {
            String content = replicas.get(number % replicas.size())
                    .chat()
                    .completions()
                    .create(ChatCompletionCreateParams.builder()
                            .model(model)
                            .addUserMessage("Call " + number)
                            .maxCompletionTokens(8)
                            .build())
                    .choices()
                    .getFirst()
                    .message()
                    .content()
                    .orElse("");
            if (content.isBlank()) {
                failures.add("call " + number + ": an empty answer");
            } else {
                answered.incrementAndGet();
            }
        } catch (RuntimeException e) {
            failures.add("call " + number + ": " + e);
        }
    }
}
