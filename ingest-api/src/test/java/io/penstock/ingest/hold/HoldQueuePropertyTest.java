package io.penstock.ingest.hold;

import static io.penstock.ingest.hold.HoldQueueTest.at;
import static io.penstock.ingest.hold.HoldQueueTest.nowhere;
import static io.penstock.ingest.hold.HoldQueueTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.Placement;
import io.penstock.pool.pick.Pick;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;

/// Random arrivals, departures and room: nothing is lost or sent twice, bounds hold, bands are strict, and
/// flows wait for no more than one turn of each other.
class HoldQueuePropertyTest {
    private static final HoldLimits LIMITS = new HoldLimits(40, 40, Duration.ofSeconds(60), Duration.ofSeconds(60));
    private static final List<String> MODELS = List.of("m", "n");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final HoldQueue queue = new HoldQueue(LIMITS);
    private final Set<HeldCall> waiting = new LinkedHashSet<>();
    private final Map<String, Integer> room = new HashMap<>();
    private Instant now = Instant.EPOCH;

    @RepeatedTest(20)
    void everyCallEndsOnceAndInItsTurn() {
        for (int step = 0; step < 2_000; step++) {
            now = now.plusMillis(random.nextInt(50));
            switch (random.nextInt(5)) {
                case 0 -> leave();
                case 1 -> release();
                default -> arrive();
            }
            for (Band band : Band.values()) {
                int calls = (int) waiting.stream()
                        .filter(call -> call.request.band() == band)
                        .count();
                assertThat(queue.calls(band))
                        .as("seed %d", seed)
                        .isEqualTo(calls)
                        .isLessThanOrEqualTo(LIMITS.calls());
                assertThat(queue.bytes(band)).as("seed %d", seed).isEqualTo(calls);
            }
            assertThat(queue.all()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(waiting);
        }
        MODELS.forEach(model -> room.put(model, Integer.MAX_VALUE));
        release();
        assertThat(waiting).as("seed %d", seed).isEmpty();
        assertThat(queue.isEmpty()).as("seed %d", seed).isTrue();
    }

    private void arrive() {
        HoldRequest request = request(
                MODELS.get(random.nextInt(2)),
                List.of(Band.values()).get(random.nextInt(3)),
                "tenant-" + random.nextInt(2),
                "id-" + random.nextInt(3));
        if (queue.hasRoom(request)) {
            HeldCall call = new HeldCall(request, now);
            queue.add(call, Shortage.ROOM);
            waiting.add(call);
        }
    }

    private void leave() {
        List<HeldCall> all = new ArrayList<>(waiting);
        if (!all.isEmpty()) {
            HeldCall call = all.get(random.nextInt(all.size()));
            assertThat(queue.remove(call)).as("seed %d", seed).isTrue();
            waiting.remove(call);
        }
    }

    private void release() {
        MODELS.forEach(model -> room.putIfAbsent(model, random.nextInt(6)));
        List<HeldCall> before = List.copyOf(waiting);
        List<HeldCall> sent = queue.release(this::place, now).sent().stream()
                .map(HoldQueue.Sent::call)
                .toList();
        for (HeldCall call : sent) {
            assertThat(waiting.remove(call)).as("seed %d: sent once", seed).isTrue();
        }
        for (String model : MODELS) {
            inTurn(ofModel(before, model), ofModel(sent, model));
        }
        room.clear();
    }

    private Placement place(HoldRequest request) {
        int left = room.merge(request.call().model().value(), -1, Integer::sum);
        return left >= 0 ? at() : nowhere(new Pick.Saturated());
    }

    /// Of one model: no band before all above it went; in a band, tenants differ by one call at most while
    /// both have some left, and a flow's own order is kept.
    private void inTurn(List<HeldCall> before, List<HeldCall> sent) {
        for (Band band : Band.values()) {
            List<HeldCall> had = ofBand(before, band);
            List<HeldCall> went = ofBand(sent, band);
            boolean belowWent =
                    sent.stream().anyMatch(call -> call.request.band().compareTo(band) > 0);
            if (belowWent) {
                assertThat(went).as("seed %d: %s first", seed, band).hasSameSizeAs(had);
            }
            List<HeldCall> left = new ArrayList<>(had);
            left.removeAll(went);
            long first = ofTenant(went, "tenant-0").size();
            long second = ofTenant(went, "tenant-1").size();
            if (!ofTenant(left, "tenant-0").isEmpty()) {
                assertThat(second).as("seed %d", seed).isLessThanOrEqualTo(first + 1);
            }
            if (!ofTenant(left, "tenant-1").isEmpty()) {
                assertThat(first).as("seed %d", seed).isLessThanOrEqualTo(second + 1);
            }
            for (HeldCall call : went) {
                assertThat(left.stream()
                                .filter(other -> other.request.flow().equals(call.request.flow()))
                                .map(had::indexOf))
                        .as("seed %d: first come, first served", seed)
                        .allMatch(index -> index > had.indexOf(call));
            }
        }
    }

    private static List<HeldCall> ofModel(List<HeldCall> calls, String model) {
        return calls.stream()
                .filter(call -> call.request.call().model().equals(new ModelName(model)))
                .toList();
    }

    private static List<HeldCall> ofBand(List<HeldCall> calls, Band band) {
        return calls.stream().filter(call -> call.request.band() == band).toList();
    }

    private static List<HeldCall> ofTenant(List<HeldCall> calls, String tenant) {
        return calls.stream()
                .filter(call -> call.request.flow().tenant().value().equals(tenant))
                .toList();
    }
}
