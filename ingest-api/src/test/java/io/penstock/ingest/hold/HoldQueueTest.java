package io.penstock.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.hold.HoldQueue.Round;
import io.penstock.pool.Endpoint;
import io.penstock.pool.Placement;
import io.penstock.pool.pick.Pick;
import io.penstock.pool.pick.PickCall;
import io.penstock.pool.pick.PromptBlocks;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class HoldQueueTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Endpoint ENDPOINT = Endpoint.at(URI.create("http://a"));
    private static final HoldLimits LIMITS = new HoldLimits(3, 100, Duration.ofSeconds(60), Duration.ofSeconds(10));

    private final HoldQueue queue = new HoldQueue(LIMITS);
    private final Map<HeldCall, String> names = new HashMap<>();

    @Test
    void aHigherBandGoesFirstWhoeverCameFirst() {
        add("low", "m", Band.LOW, "f");
        add("normal", "m", Band.NORMAL, "f");
        add("high", "m", Band.HIGH, "f");

        assertThat(release(room("m", 2))).containsExactly("high", "normal");
        assertThat(queue.calls(Band.LOW)).isEqualTo(1);
        assertThat(release(room("m", 9))).containsExactly("low");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void fairnessIdsTakeTurnsAndEachIsServedInOrder() {
        HoldQueue queue = new HoldQueue(HoldLimits.DEFAULT);
        for (String name : List.of("a1", "a2", "a3", "b1", "c1", "b2")) {
            add(queue, name, request("m", Band.NORMAL, "t", name.substring(0, 1)));
        }

        assertThat(release(queue, room("m", 2))).containsExactly("a1", "b1");
        assertThat(release(queue, room("m", 9))).containsExactly("c1", "a2", "b2", "a3");
    }

    @Test
    void madeUpIdsTakeTurnsFromTheirOwnTenantAlone() {
        HoldQueue queue = new HoldQueue(HoldLimits.DEFAULT);
        for (int i = 0; i < 4; i++) {
            add(queue, "greedy" + i, request("m", Band.NORMAL, "greedy", "id-" + i));
        }
        add(queue, "modest0", request("m", Band.NORMAL, "modest", Flow.DEFAULT));
        add(queue, "modest1", request("m", Band.NORMAL, "modest", Flow.DEFAULT));

        assertThat(release(queue, room("m", 4))).containsExactly("greedy0", "modest0", "greedy1", "modest1");
    }

    @Test
    void aModelWithoutRoomHoldsUpNoOther() {
        add("full", "full", Band.HIGH, "f");
        add("open", "open", Band.NORMAL, "f");

        assertThat(release(room("open", 1))).containsExactly("open");
        assertThat(queue.waits(new ModelName("full"))).isTrue();
        assertThat(queue.waits(new ModelName("open"))).isFalse();
    }

    @Test
    void modelsOfOneEndpointTakeTurns() {
        HoldQueue queue = new HoldQueue(HoldLimits.DEFAULT);
        for (String name : List.of("x1", "x2", "y1", "y2")) {
            add(queue, name, request(name.substring(0, 1), Band.NORMAL, "t", "f"));
        }
        int[] room = {0};
        Function<HoldRequest, Placement> shared = _ -> room[0]-- > 0 ? at() : nowhere(new Pick.Saturated());

        room[0] = 1;
        assertThat(release(queue, shared)).containsExactly("x1");
        room[0] = 1;
        assertThat(release(queue, shared)).containsExactly("y1");
        room[0] = 2;
        assertThat(release(queue, shared)).containsExactly("x2", "y2");
    }

    @Test
    void oneThatAvoidsAnEndpointHoldsUpNoOther() {
        HoldRequest again = request("m", Band.NORMAL, "t", "f").avoiding(ENDPOINT.id());
        add(queue, "again", again);
        add("other", "m", Band.NORMAL, "g");
        Function<HoldRequest, Placement> one =
                request -> request.avoid().isEmpty() ? at() : nowhere(new Pick.UnknownModel());

        assertThat(release(one)).containsExactly("other");
        assertThat(queue.all())
                .extracting(call -> names.getOrDefault(call, "nobody's"))
                .containsExactly("again");
    }

    @Test
    void callsAndBytesAreBoundedInEachBand() {
        HoldRequest large = new HoldRequest(call("m"), Set.of(), Band.HIGH, flow("t", "f"), 60, null);
        add(queue, "1", large);
        assertThat(queue.hasRoom(large)).isFalse();
        assertThat(queue.hasRoom(request("m", Band.HIGH, "t", "f"))).isTrue();
        for (int i = 0; i < 3; i++) {
            add("n" + i, "m", Band.NORMAL, "f");
        }
        assertThat(queue.hasRoom(request("m", Band.NORMAL, "t", "f"))).isFalse();
        assertThat(queue.hasRoom(request("m", Band.HIGH, "t", "f"))).isTrue();
        assertThat(release(room("m", 2))).containsExactly("1", "n0");
        assertThat(queue.hasRoom(request("m", Band.NORMAL, "t", "f"))).isTrue();
        assertThat(queue.bytes(Band.HIGH)).isZero();
    }

    @Test
    void timeIsCountedAnewWhenSomethingElseIsShort() {
        HeldCall call = add("c", "m", Band.NORMAL, "f");
        HeldCall hurried = add(
                queue,
                "h",
                new HoldRequest(call("m"), Set.of(), Band.NORMAL, flow("t", "g"), 1, Duration.ofSeconds(35)));
        assertThat(queue.deadline(call)).isEqualTo(NOW.plusSeconds(60));
        assertThat(queue.deadline(hurried)).isEqualTo(NOW.plusSeconds(35));

        Round round = queue.release(_ -> nowhere(new Pick.NoneReady()), NOW.plusSeconds(30));
        assertThat(round.retimed()).containsExactlyInAnyOrder(call, hurried);
        assertThat(queue.deadline(call)).isEqualTo(NOW.plusSeconds(40));
        assertThat(queue.deadline(hurried)).isEqualTo(NOW.plusSeconds(35));
        assertThat(queue.shortage(call).expired()).isEqualTo(DropReason.NO_ENDPOINTS);

        Round again = queue.release(_ -> nowhere(new Pick.NoneReady()), NOW.plusSeconds(31));
        assertThat(again.retimed()).isEmpty();
        assertThat(queue.release(_ -> nowhere(new Pick.Saturated()), NOW.plusSeconds(32))
                        .retimed())
                .hasSize(2);
        assertThat(queue.deadline(call)).isEqualTo(NOW.plusSeconds(92));
        assertThat(queue.shortage(call).expired()).isEqualTo(DropReason.TTL_EXPIRED);
        assertThat(queue.shortage(call).refused()).isEqualTo(DropReason.SATURATED);
    }

    @Test
    void aCallThatIsTriedAgainKeepsItsClientsPatience() {
        HoldRequest patient = request("m", Band.NORMAL, "t", "f");
        HoldRequest hurried =
                new HoldRequest(call("m"), Set.of(), Band.NORMAL, flow("t", "f"), 1, Duration.ofSeconds(5));

        assertThat(patient.after(Duration.ofSeconds(3))).isEqualTo(patient);
        assertThat(hurried.after(Duration.ofSeconds(3)).patience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(hurried.after(Duration.ofSeconds(9)).patience()).isEqualTo(Duration.ZERO);
    }

    @Test
    void whoLeavesIsGoneOnce() {
        HeldCall call = add("c", "m", Band.NORMAL, "f");
        add("d", "m", Band.NORMAL, "f");

        assertThat(queue.remove(call)).isTrue();
        assertThat(queue.remove(call)).isFalse();
        assertThat(queue.calls(Band.NORMAL)).isEqualTo(1);
        assertThat(release(room("m", 9))).containsExactly("d");
    }

    private HeldCall add(String name, String model, Band band, String fairnessId) {
        return add(queue, name, request(model, band, "t", fairnessId));
    }

    private HeldCall add(HoldQueue to, String name, HoldRequest request) {
        HeldCall call = new HeldCall(request, NOW);
        names.put(call, name);
        to.add(call, Shortage.ROOM);
        return call;
    }

    private List<String> release(Function<HoldRequest, Placement> place) {
        return release(queue, place);
    }

    private List<String> release(HoldQueue from, Function<HoldRequest, Placement> place) {
        return from.release(place, NOW).sent().stream()
                .map(sent -> names.getOrDefault(sent.call(), "nobody's"))
                .toList();
    }

    /// Room for so many calls for `model`, none for others.
    private static Function<HoldRequest, Placement> room(String model, int calls) {
        int[] left = {calls};
        return request ->
                request.call().model().value().equals(model) && left[0]-- > 0 ? at() : nowhere(new Pick.Saturated());
    }

    static Placement at() {
        return new Placement.At(ENDPOINT, 0, () -> {});
    }

    static Placement nowhere(Pick.Nowhere why) {
        return new Placement.Nowhere(why);
    }

    static HoldRequest request(String model, Band band, String tenant, String fairnessId) {
        return new HoldRequest(call(model), Set.<EndpointId>of(), band, flow(tenant, fairnessId), 1, null);
    }

    private static Flow flow(String tenant, String fairnessId) {
        return new Flow(new TenantId(tenant), fairnessId);
    }

    private static PickCall call(String model) {
        return new PickCall(new ModelName(model), false, PromptBlocks.NONE);
    }
}
