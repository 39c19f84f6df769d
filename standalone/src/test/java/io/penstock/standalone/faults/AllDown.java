package io.penstock.standalone.faults;

import io.penstock.standalone.crash.Api;
import io.penstock.standalone.crash.Api.Answer;
import io.penstock.standalone.crash.ChildJvm;
import io.penstock.standalone.crash.Lines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;

/// All of Kafka is away: submissions must be told to come back, and must not be taken.
final class AllDown {
    private static final Duration LASTS = Duration.ofSeconds(20);
    private static final Lines LATER = Lines.of("while-down", 10);

    private AllDown() {}

    static void run(Scene scene) throws IOException {
        List<ChildJvm> brokers = scene.installation().brokers().all();
        String file = scene.apis().getFirst().upload(LATER.file());
        brokers.forEach(ChildJvm::kill);
        List<Answer> answers = new ArrayList<>();
        long end = System.nanoTime() + LASTS.toNanos();
        while (System.nanoTime() - end < 0) {
            for (Api api : scene.apis()) {
                answers.add(api.trySubmit(file));
            }
        }
        brokers.forEach(ChildJvm::restart);
        scene.over();
        long started = System.nanoTime();
        tell(scene, answers);
        Faults.await("brokers that take writes")
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(scene.kafka()::takesWrites);
        scene.note(String.format(
                Locale.ROOT,
                "Kafka itself took writes again %.1f s after its start",
                (System.nanoTime() - started) / 1e9));
        Faults.await("a submission taken again")
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    scene.submitted().adopt(scene.apis().getFirst().submit(file), LATER);
                    return true;
                });
    }

    private static void tell(Scene scene, List<Answer> answers) {
        LongSummaryStatistics millis =
                answers.stream().mapToLong(Answer::millis).summaryStatistics();
        long good = answers.stream()
                .filter(answer -> answer.status() == 503 && !answer.retryAfter().isEmpty())
                .count();
        scene.note(String.format(
                Locale.ROOT,
                "%d of %d submissions answered 503 with `Retry-After`, after %.1f to %.1f s",
                good,
                answers.size(),
                millis.getMin() / 1000.0,
                millis.getMax() / 1000.0));
        answers.stream()
                .filter(answer -> answer.status() != 503 || answer.retryAfter().isEmpty())
                .forEach(answer -> scene.violated("a submission with Kafka down was answered " + answer));
    }
}
