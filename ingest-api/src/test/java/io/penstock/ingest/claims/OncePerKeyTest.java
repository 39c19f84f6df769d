package io.penstock.ingest.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.claims.Claims.Held;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OncePerKeyTest {
    private final List<String> done = new ArrayList<>();
    private Held holds = new Held("f", true);
    private @Nullable String known;
    private @Nullable String awaited;

    @Test
    void aNewKeyIsClaimedAndThenMadeOf() {
        assertThat(submit()).isEqualTo("made");
        assertThat(done).containsExactly("look", "precheck", "claim", "make");
    }

    @Test
    void whatIsThereIsReturned() {
        known = "there";

        assertThat(submit()).isEqualTo("there");
        assertThat(done).containsExactly("look", "check");
    }

    @Test
    void whatAnotherReplicaMakesIsAwaited() {
        holds = new Held("f", false);
        awaited = "theirs";

        assertThat(submit()).isEqualTo("theirs");
        assertThat(done).containsExactly("look", "precheck", "claim", "await", "check");
    }

    @Test
    void whatAnotherReplicaDoesNotMakeIsMade() {
        holds = new Held("f", false);

        assertThat(submit()).isEqualTo("made");
        assertThat(done).containsExactly("look", "precheck", "claim", "await", "make");
    }

    @Test
    void aLaterClaimForSomethingElseIsRefused() {
        for (boolean ours : new boolean[] {true, false}) {
            done.clear();
            holds = new Held("g", ours);

            assertThatThrownBy(this::submit)
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT));
            assertThat(done).containsExactly("look", "precheck", "claim");
        }
    }

    private String submit() {
        Claims claims = (_, _) -> {
            done.add("claim");
            return holds;
        };
        return new OncePerKey(claims).submit("id", "f", new KeyedObject<String>() {
            @Override
            public @Nullable String known() {
                done.add("look");
                return known;
            }

            @Override
            public @Nullable String awaited() {
                done.add("await");
                return awaited;
            }

            @Override
            public String checked(String object) {
                done.add("check");
                return object;
            }

            @Override
            public void precheck() {
                done.add("precheck");
            }

            @Override
            public String make() {
                done.add("make");
                return "made";
            }
        });
    }
}
