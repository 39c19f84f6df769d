package io.penstock.ingest.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
    @Test
    void ofManyAtOnceOneMakesTheObjectAndTheOthersFindIt() throws Exception {
        Idempotency idempotency = new Idempotency();
        ConcurrentHashMap<String, Integer> objects = new ConcurrentHashMap<>();
        AtomicInteger made = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(16);
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                answers.add(clients.submit(() -> {
                    together.await();
                    return idempotency.alone("key", () -> {
                        Integer known = objects.get("key");
                        if (known != null) {
                            return known;
                        }
                        int next = made.incrementAndGet();
                        objects.put("key", next);
                        return next;
                    });
                }));
            }
        }

        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(1);
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void oneThatFailsLetsTheNextTry() {
        Idempotency idempotency = new Idempotency();

        assertThatThrownBy(() -> idempotency.alone("key", () -> {
                    throw new ApiException(ErrorKind.OVERLOADED, "away");
                }))
                .isInstanceOf(ApiException.class);
        assertThat(idempotency.<String>alone("key", () -> "made")).isEqualTo("made");
    }

    @Test
    void partsOfAFingerprintCannotRunIntoEachOther() {
        assertThat(Idempotency.fingerprint("ab", "c")).isNotEqualTo(Idempotency.fingerprint("a", "bc"));
        assertThat(Idempotency.fingerprint("a", "b"))
                .hasSize(64)
                .isEqualTo(Idempotency.fingerprint("a", "b"))
                .isNotEqualTo(Idempotency.fingerprint("a", "b", ""));
    }

    @Test
    void anotherFingerprintIsAConflict() {
        Idempotency.same("f", "f");
        for (String known : new String[] {"g", null}) {
            assertThatThrownBy(() -> Idempotency.same(known, "f"))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            refusal -> assertThat(refusal.kind()).isEqualTo(ErrorKind.CONFLICT));
        }
    }
}
