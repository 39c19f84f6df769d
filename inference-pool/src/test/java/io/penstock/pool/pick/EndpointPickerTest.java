package io.penstock.pool.pick;

import static io.penstock.pool.pick.Candidates.ADAPTER;
import static io.penstock.pool.pick.Candidates.MODEL;
import static io.penstock.pool.pick.Candidates.NOW;
import static io.penstock.pool.pick.Candidates.at;
import static io.penstock.pool.pick.Candidates.idle;
import static io.penstock.pool.pick.Candidates.knowing;
import static io.penstock.pool.pick.Candidates.load;
import static io.penstock.pool.pick.Candidates.withAdapters;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EndpointState.Readiness;
import io.penstock.topics.id.ModelName;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointPickerTest {
    private static final PickCall CALL = new PickCall(MODEL, false, PromptBlocks.NONE);

    private final EndpointPicker picker = new EndpointPicker(PickPolicy.DEFAULT, new Random(1));

    @Test
    void theShorterQueueWins() {
        assertThat(pick(at("a", load(0, 3, 0.1), 0), at("b", load(0, 0, 0.1), 0)))
                .isEqualTo("b");
    }

    @Test
    void theEmptierCacheWins() {
        assertThat(pick(at("a", load(0, 0, 0.2), 0), at("b", load(0, 0, 0.6), 0)))
                .isEqualTo("a");
    }

    @Test
    void whatWasSentSinceTheLastAccountCountsAsQueued() {
        assertThat(pick(at("a", load(0, 0, 0.1), 4), at("b", load(0, 1, 0.1), 0)))
                .isEqualTo("b");
    }

    @Test
    void thePromptSentBeforeOutweighsQueueOrCacheButNotBoth() {
        assertThat(pick(knowing(at("a", load(0, 4, 0.1), 0), 1), idle("b"))).isEqualTo("a");
        assertThat(pick(knowing(at("a", load(0, 4, 0.7), 0), 1), idle("b"))).isEqualTo("b");
    }

    @Test
    void anAdapterGoesWhereItRuns() {
        PickCall call = new PickCall(ADAPTER, false, PromptBlocks.NONE);
        assertThat(picker.pick(
                        call,
                        List.of(
                                withAdapters("a", 4, Set.of("x"), Set.of()),
                                withAdapters("b", 4, Set.of("a"), Set.of())),
                        NOW))
                .isInstanceOfSatisfying(
                        Pick.Chosen.class,
                        chosen -> assertThat(chosen.endpoint().baseUri().getHost())
                                .isEqualTo("b"));
    }

    @Test
    void oneWithoutRoomIsNotPickedHoweverGoodItScores() {
        assertThat(pick(knowing(at("a", load(0, 0, 0.91), 0), 1), at("b", load(9, 5, 0.9), 0)))
                .isEqualTo("b");
        assertThat(picker.pick(CALL, List.of(at("a", load(0, 6, 0), 0), at("b", load(0, 0, 0.95), 0)), NOW))
                .isEqualTo(new Pick.Saturated());
    }

    @Test
    void equalsAreChosenByLot() {
        Set<String> chosen = IntStream.range(0, 100)
                .mapToObj(_ -> pick(idle("a"), idle("b")))
                .collect(Collectors.toSet());
        assertThat(chosen).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void ofThoseThatAreNearlyEqualTheOneLeftAloneForLongestIsChosen() {
        Candidate justNow = sent(at("a", load(0, 0, 0.10), 0), NOW.minusMillis(1));
        Candidate before = sent(at("b", load(0, 0, 0.17), 0), NOW.minusMillis(2));
        Candidate clearlyWorse = sent(at("c", load(0, 0, 0.18), 0), NOW.minusMillis(3));
        assertThat(pick(justNow, before, clearlyWorse)).isEqualTo("b");
    }

    @Test
    void anEngineWhoseCallsHaveHadNoWordYetIsPassedOver() {
        Candidate computing =
                new Candidate(Candidates.state("a", load(3, 0, 0.1)), new OurCalls(3, 0, 2, Instant.MIN), NOW, 0);
        assertThat(pick(computing, sent(at("b", load(9, 0, 0.1), 0), NOW))).isEqualTo("b");
    }

    @Test
    void whyNowhereIsSaid() {
        Candidate down = unready(Map.of(MODEL, 0));
        assertThat(picker.pick(CALL, List.of(down), NOW)).isEqualTo(new Pick.NoneReady());
        assertThat(picker.pick(of("other", true), List.of(down), NOW)).isEqualTo(new Pick.UnknownModel());
        assertThat(picker.pick(CALL, List.of(), NOW)).isEqualTo(new Pick.UnknownModel());
    }

    @Test
    void anEndpointNeverAskedMayServeWhatIsAnnounced() {
        Candidate unasked = unready(Map.of());
        assertThat(picker.pick(of("other", true), List.of(unasked), NOW)).isEqualTo(new Pick.NoneReady());
        assertThat(picker.pick(of("other", false), List.of(unasked), NOW)).isEqualTo(new Pick.UnknownModel());
    }

    private static PickCall of(String model, boolean announced) {
        return new PickCall(new ModelName(model), announced, PromptBlocks.NONE);
    }

    private static Candidate sent(Candidate candidate, Instant last) {
        return new Candidate(
                candidate.state(), new OurCalls(0, 0, 0, last), candidate.steadySince(), candidate.promptShare());
    }

    private static Candidate unready(Map<ModelName, Integer> models) {
        Endpoint endpoint = Endpoint.at(URI.create("http://a"));
        return new Candidate(
                new EndpointState(endpoint, new Readiness.NotReady("x"), models, null), OurCalls.NONE, NOW, 0);
    }

    private String pick(Candidate... candidates) {
        Pick pick = picker.pick(CALL, List.of(candidates), NOW);
        assertThat(pick).isInstanceOf(Pick.Chosen.class);
        return ((Pick.Chosen) pick).endpoint().baseUri().getHost();
    }
}
