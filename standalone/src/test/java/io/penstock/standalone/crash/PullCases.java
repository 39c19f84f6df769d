package io.penstock.standalone.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Pulls that are lost, come again, or come in another order.
final class PullCases {
    private static final long SEED = 20_260_101;

    private PullCases() {}

    static List<CrashCase> all() {
        return List.of(
                new CrashCase(
                        "pulls-repeated-and-reordered",
                        "pulls: every pull so far, also of the worker's former life, written again twice in random"
                                + " order, five times over",
                        "next result",
                        PullCases::repeated),
                new CrashCase(
                        "pulls-lost",
                        "pulls: deleted unread while the router was dead (as by their retention of 1 h)",
                        "next result",
                        PullCases::lost));
    }

    private static void repeated(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 500);
        trial.submit(lines);
        trial.awaitResults(lines, 40);
        trial.worker().kill();
        trial.worker().restart();
        trial.ignoreReported();
        int before = trial.results(lines);
        trial.awaitResults(lines, before + 20);
        Random random = new Random(SEED);
        trial.strike(() -> replay(trial, random));
        trial.resumedWith(List.of(Topic.RESULTS));
        for (int round = 1; round < 5; round++) {
            trial.awaitResults(lines, Math.min(lines.count(), before + 20 + 50 * round));
            replay(trial, random);
        }
    }

    private static void replay(Trial trial, Random random) {
        List<ConsumerRecord<byte[], byte[]>> pulls =
                new ArrayList<>(trial.topics().read(Topic.PULLS));
        pulls.addAll(List.copyOf(pulls));
        Collections.shuffle(pulls, random);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", trial.cluster().bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ConsumerRecord<byte[], byte[]> pull : pulls) {
                var _ = producer.send(new ProducerRecord<>(pull.topic(), pull.partition(), pull.key(), pull.value()));
            }
            producer.flush();
        }
    }

    /// The router finds a hole where it had stopped reading.
    private static void lost(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        trial.submit(lines);
        trial.awaitResults(lines, 40);
        trial.ledger().kill();
        long pulls = trial.topics().written(Topic.PULLS);
        Trial.await("pulls")
                .pollInterval(Duration.ofMillis(100))
                .until(() -> trial.topics().written(Topic.PULLS) >= pulls + 8);
        trial.topics().deleteRecords(Topic.PULLS);
        trial.strike(trial.ledger()::restart);
        trial.resumedWith(List.of(Topic.RESULTS));
    }
}
