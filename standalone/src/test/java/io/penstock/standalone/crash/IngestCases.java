package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/// Deaths of the API, and a payload store without room for an upload.
final class IngestCases {
    private IngestCases() {}

    static List<CrashCase> all() {
        return List.of(
                new CrashCase(
                        "ingest-uploading",
                        "API: SIGKILL half way through an upload, restarted; the client repeats it",
                        "upload answered",
                        IngestCases::uploading),
                new CrashCase(
                        "ingest-acknowledged",
                        "API: SIGKILL between the log's ack of a submission and the answer, restarted",
                        "next result",
                        IngestCases::acknowledged),
                new CrashCase(
                        "ingest-disk-full",
                        "payload store: no room for an upload, then room again; the client repeats it",
                        "upload answered, from room again",
                        IngestCases::diskFull));
    }

    /// A batch that was submitted before goes on meanwhile.
    private static void uploading(Trial trial) throws IOException {
        trial.submit(Lines.of("a", 200));
        Lines lines = Lines.of("b", 200);
        byte[] form = Api.form(lines.file());
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), trial.cluster().apiPort())) {
            String head = "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary="
                    + Api.BOUNDARY + "\r\nContent-Length: " + form.length + "\r\n\r\n";
            client.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().write(form, 0, form.length / 2);
            Trial.await("the upload to arrive")
                    .until(() -> isStaged(trial.cluster().payloads()));
            trial.strike(trial.ingest()::kill);
            assertThat(client.getInputStream().read()).as("an answer").isEqualTo(-1);
        }
        trial.ingest().restart();
        Trial.await("an answer").ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            String file = trial.api().upload(lines.file());
            trial.resumed();
            trial.adopt(trial.api().submit(file), lines);
            return true;
        });
    }

    /// The API is frozen while the broker, frozen before, acknowledges the submission: the ack waits in
    /// the API's socket when it is killed.
    private static void acknowledged(Trial trial) throws IOException {
        for (int attempt = 1; attempt <= 10; attempt++) {
            Lines lines = Lines.of("attempt-" + attempt, 100);
            String file = trial.api().upload(lines.file());
            int announced = trial.watch().count(List.of(Topic.BATCHES));
            trial.broker().freeze();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> submit(trial, file));
            boolean early = happens(Duration.ofMillis(300), answer::isDone);
            trial.ingest().freeze();
            trial.broker().thaw();
            boolean written =
                    happens(Duration.ofSeconds(5), () -> trial.watch().count(List.of(Topic.BATCHES)) > announced);
            if (written && !early && !answer.isDone()) {
                trial.strike(trial.ingest()::kill);
                assertThatThrownBy(answer::join).hasRootCauseInstanceOf(IOException.class);
                trial.ingest().restart();
                trial.resumedWith(List.of(Topic.RESULTS));
                trial.cluster().awaitReady(trial.ingest());
                adoptUnanswered(trial, lines);
                return;
            }
            trial.ingest().thaw();
            trial.adopt(answer.join(), lines);
        }
        throw new IllegalStateException("in ten attempts no submission was on its way at the right moment");
    }

    private static void diskFull(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 200);
        trial.ingest().fillDisk(trial.ingest().log().length() + 4096);
        assertThatThrownBy(() -> trial.api().upload(lines.file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answered 5");
        trial.strike(trial.ingest()::freeDisk);
        String file = trial.api().upload(lines.file());
        trial.resumed();
        trial.adopt(trial.api().submit(file), lines);
    }

    /// The client never learnt the batch's id: it is the one in the list that it does not know.
    private static void adoptUnanswered(Trial trial, Lines lines) {
        Set<String> known = trial.batchIds();
        Trial.await("the batch in the list").until(() -> {
            List<Api.BatchView> unknown = trial.api().batches().stream()
                    .filter(batch -> !known.contains(batch.id()) && batch.total() == lines.count())
                    .toList();
            unknown.forEach(batch -> trial.adopt(batch.id(), lines));
            return unknown.size() == 1;
        });
    }

    private static String submit(Trial trial, String file) {
        try {
            return trial.api().submit(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean happens(Duration within, Callable<Boolean> condition) {
        try {
            Trial.await("a moment").atMost(within).until(condition);
            return true;
        } catch (ConditionTimeoutException _) {
            return false;
        }
    }

    private static boolean isStaged(Path payloads) throws IOException {
        try (Stream<Path> staged = Files.list(payloads.resolve("staging"))) {
            return staged.findAny().isPresent();
        }
    }
}
