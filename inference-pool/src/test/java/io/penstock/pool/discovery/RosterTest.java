package io.penstock.pool.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.Endpoint;
import io.penstock.topics.id.EndpointId;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final EngineSource ONE = EngineSource.at("dns+http://one:1");
    private static final EngineSource OTHER = EngineSource.at("dns+http://other:1");

    private final Roster roster = new Roster(3);

    @Test
    void whatIsNewComesAndWhatIsMissingGoes() {
        assertThat(roster.say(ONE, list("a", "b"))).isEqualTo(new Change(List.of(), list("a", "b")));
        assertThat(roster.say(ONE, list("b", "c"))).isEqualTo(new Change(list("a"), list("c")));
        assertThat(roster.say(ONE, list("c", "b")).isEmpty()).isTrue();
        assertThat(roster.say(ONE, List.of())).isEqualTo(new Change(list("b", "c"), List.of()));
    }

    @Test
    void oneThatIsDescribedOtherwiseGoesAndComes() {
        Endpoint before = endpoint("a");
        Endpoint after = Endpoint.at(URI.create("sglang+http://a"));
        roster.say(ONE, List.of(before));

        assertThat(roster.say(ONE, List.of(after))).isEqualTo(new Change(List.of(before), List.of(after)));
    }

    @Test
    void oneThatTwoSourcesNameIsThereOnceAndUntilBothHaveDroppedIt() {
        roster.say(ONE, list("a"));
        assertThat(roster.say(OTHER, list("a", "b"))).isEqualTo(new Change(List.of(), list("b")));
        assertThat(roster.refused(OTHER)).isZero();
        assertThat(roster.say(ONE, List.of()).isEmpty()).isTrue();
        assertThat(roster.of(OTHER)).isEqualTo(ids("a", "b"));
        assertThat(roster.say(OTHER, list("b"))).isEqualTo(new Change(list("a"), List.of()));
    }

    @Test
    void whoIsInStaysInAndTheRestWaitsForRoom() {
        roster.say(ONE, list("m", "n"));

        assertThat(roster.say(OTHER, list("a", "b", "c"))).isEqualTo(new Change(List.of(), list("a")));
        assertThat(roster.refused(OTHER)).isEqualTo(2);
        assertThat(roster.say(ONE, list("n"))).isEqualTo(new Change(list("m"), list("b")));
        assertThat(roster.refused(OTHER)).isEqualTo(1);
    }

    @Test
    void changesAddUpToTheRosterAndItNeverHoldsTooMany() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<EndpointId, Endpoint> users = new HashMap<>();
        for (int step = 0; step < 5_000; step++) {
            EngineSource source = random.nextBoolean() ? ONE : OTHER;
            List<Endpoint> said = new ArrayList<>();
            for (String name : List.of("a", "b", "c", "d", "e")) {
                if (random.nextBoolean()) {
                    said.add(endpoint(name));
                }
            }
            Change change = roster.say(source, said);
            change.removed()
                    .forEach(gone -> assertThat(users.remove(gone.id()))
                            .as("seed %d", seed)
                            .isEqualTo(gone));
            change.added()
                    .forEach(come -> assertThat(users.put(come.id(), come))
                            .as("seed %d", seed)
                            .isNull());
            assertThat(users).as("seed %d", seed).hasSizeLessThanOrEqualTo(3);
            assertThat(Stream.of(ONE, OTHER).flatMap(of -> roster.of(of).stream()))
                    .as("seed %d step %d", seed, step)
                    .containsExactlyInAnyOrderElementsOf(users.keySet());
        }
    }

    private static List<Endpoint> list(String... names) {
        return Stream.of(names).map(RosterTest::endpoint).toList();
    }

    private static Set<EndpointId> ids(String... names) {
        return Set.copyOf(Stream.of(names).map(name -> endpoint(name).id()).toList());
    }

    private static Endpoint endpoint(String name) {
        return Endpoint.at(URI.create("http://" + name));
    }
}
