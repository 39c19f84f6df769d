package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.crash.Api.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// All of Kafka away in the middle of a batch: chat does not notice, a submission is told to come back,
/// and nobody has to restart anything.
class KafkaDownIT {
    @TempDir
    Path dir;

    @Test
    @Timeout(180)
    void chatGoesOnAndABatchIsOnlyDelayed() throws Exception {
        try (Trial trial = new Trial(dir)) {
            Lines lines = Lines.of("a", 200);
            trial.submit(lines);
            Lines refused = Lines.of("b", 20);
            String file = trial.api().upload(refused.file());
            trial.awaitResults(lines, 20);

            trial.broker().kill();
            assertThat(Stream.of("one", "two", "three").map(text -> chat(trial, text)))
                    .extracting(Answer::status)
                    .containsOnly(200);
            Answer submission = trial.api().trySubmit(file);
            assertThat(submission.status()).as(submission.body()).isEqualTo(503);
            assertThat(submission.retryAfter()).isNotEmpty();
            assertThat(chat(trial, "four").status()).isEqualTo(200);

            trial.broker().restart();
            Trial.await("a submission taken")
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> {
                        trial.adopt(trial.api().submit(file), refused);
                        return true;
                    });
            Findings findings = HistoryChecker.check(trial.history());
            assertThat(findings.isClean()).as("%s", findings).isTrue();
        }
    }

    private static Answer chat(Trial trial, String text) {
        try {
            return trial.api().chat(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
