package io.penstock.pool.pick;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EndpointState.Readiness;
import io.penstock.pool.EngineLoad;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallBookTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Endpoint ENGINE = Endpoint.at(URI.create("http://engine"));

    private final CallBook book = new CallBook(Duration.ofSeconds(2));

    @Test
    void anAccountThatStandsStillAlthoughACallCameIsNotBelievedUntilItMoves() {
        book.told(load(3, 0.5, 0));
        CallBook.Call _ = book.sent(at(100));
        book.told(load(3, 0.5, 2099));
        assertThat(candidate(load(3, 0.5, 2099)).state().load()).isNotNull();
        book.told(load(3, 0.5, 2100));
        assertThat(candidate(load(3, 0.5, 2100)).state().load()).isNull();
        assertThat(candidate(load(3, 0.5, 2100)).steadySince()).isEqualTo(at(0));
        book.told(load(4, 0.5, 2150));
        assertThat(candidate(load(4, 0.5, 2150)).state().load()).isNotNull();
    }

    @Test
    void norIsOneThatStandsStillAlthoughACallHasEnded() {
        CallBook.Call call = book.sent(at(0));
        book.told(load(1, 0.5, 50));
        assertThat(call.ended(at(100))).isTrue();
        book.told(load(1, 0.5, 2100));
        assertThat(candidate(load(1, 0.5, 2100)).state().load()).isNull();
    }

    @Test
    void norOneThatStandsAtNothingWhileCallsAreThereAllTheTime() {
        book.told(load(0, 0, 0));
        CallBook.Call first = book.sent(at(100));
        CallBook.Call _ = book.sent(at(1000));
        assertThat(first.ended(at(1100))).isTrue();
        book.told(load(0, 0, 1200));
        assertThat(candidate(load(0, 0, 1200)).state().load()).isNotNull();
        book.told(load(0, 0, 2100));
        assertThat(candidate(load(0, 0, 2100)).state().load()).isNull();
    }

    @Test
    void callsThatCameAndWentBetweenTwoAccountsOfAnIdleEngineAreNoFaultOfIts() {
        book.told(load(0, 0, 0));
        assertThat(book.sent(at(10)).ended(at(40))).isTrue();
        book.told(load(0, 0, 50));
        book.told(load(0, 0, 10_000));
        assertThat(candidate(load(0, 0, 10_000)).state().load()).isNotNull();
    }

    @Test
    void anEngineThatTellsNothingOfItsUseIsNotJudgedByIt() {
        EngineLoad mute = new EngineLoad(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalLong.of(1000),
                OptionalLong.empty(),
                at(10_000));
        book.told(mute);
        CallBook.Call _ = book.sent(at(0));
        book.told(mute);
        assertThat(candidate(mute).state().load()).isEqualTo(mute);
        assertThat(candidate(null).steadySince()).isEqualTo(Instant.MAX);
    }

    @Test
    void ofTheCallsThoseAreNotAccountedForThatWereSentSince() {
        CallBook.Call first = book.sent(at(0));
        CallBook.Call _ = book.sent(at(50));
        CallBook.Call _ = book.sent(at(60));
        EngineLoad load = load(1, 0.1, 50);
        book.told(load);
        assertThat(candidate(load).ours()).isEqualTo(new OurCalls(3, 2, 3, at(60)));
        assertThat(candidate(null).ours()).as("without an account none is").isEqualTo(new OurCalls(3, 3, 3, at(60)));
        assertThat(first.firstWord()).isTrue();
        assertThat(candidate(load).ours()).isEqualTo(new OurCalls(3, 2, 2, at(60)));
        assertThat(first.ended(at(70))).isTrue();
        assertThat(candidate(load).ours()).isEqualTo(new OurCalls(2, 2, 2, at(60)));
    }

    @Test
    void whatIsSaidTwiceCountsOnce() {
        CallBook.Call call = book.sent(at(0));
        CallBook.Call _ = book.sent(at(0));
        assertThat(call.firstWord()).isTrue();
        assertThat(call.firstWord()).isFalse();
        assertThat(call.ended(at(10))).isTrue();
        assertThat(call.ended(at(11))).isFalse();
        assertThat(call.firstWord()).isFalse();
        assertThat(book.underWay()).isEqualTo(1);
        assertThat(book.awaiting()).isEqualTo(1);
    }

    @Test
    void oneThatEndsWithoutAWordAwaitsItNoLonger() {
        assertThat(book.sent(at(0)).ended(at(10))).isTrue();
        assertThat(book.awaiting()).isZero();
        assertThat(candidate(null).ours()).isEqualTo(new OurCalls(0, 0, 0, at(0)));
    }

    private Candidate candidate(@Nullable EngineLoad load) {
        return book.candidate(new EndpointState(ENGINE, new Readiness.Ready(), Map.of(), load), 0);
    }

    private static EngineLoad load(int running, double use, int millis) {
        return new EngineLoad(running, 0, OptionalDouble.of(use), OptionalLong.of(1000), 0, at(millis));
    }

    private static Instant at(int millis) {
        return NOON.plusMillis(millis);
    }
}
