package io.penstock.router.succession;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.succession.Abandoned.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AbandonedTest {
    private static final String ONE = "11111111-2222-3333-4444-555555555555";
    private static final String OTHER = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    private static final List<String> OPEN = List.of(transaction(ONE, 1), transaction(ONE, 2), transaction(OTHER, 1));

    private final Abandoned abandoned = new Abandoned("app");

    @Test
    void aTransactionIsAbandonedOnceItsProcessHasNoMember() {
        assertThat(abandoned.withoutMember(OPEN, List.of(member(ONE, "router-1-1"))))
                .containsExactly(transaction(OTHER, 1));
        assertThat(abandoned.withoutMember(OPEN, List.of(member(ONE, "router-1-1"), member(OTHER, null))))
                .isEmpty();
    }

    @Test
    void inAnEmptyGroupAllAreAbandoned() {
        assertThat(abandoned.withoutMember(OPEN, List.of())).containsExactlyInAnyOrderElementsOf(OPEN);
    }

    @Test
    void whatIsNotOfThisApplicationIsLeftAlone() {
        List<String> foreign = List.of("app-2-" + OTHER + "-1", "webhooks-1", "app-" + OTHER + "-x", "app-1");

        assertThat(abandoned.withoutMember(foreign, List.of())).isEmpty();
    }

    @Test
    void nobodyIsTakenForDeadWhileAMemberDoesNotSayWhoItIs() {
        assertThat(abandoned.withoutMember(OPEN, List.of(member(ONE, null), new Member("my-client", "router-2-1"))))
                .isEmpty();
    }

    @Test
    void theFormerLifeIsTheProcessThatBearsTheName() {
        List<Member> members = List.of(member(ONE, "router-1-1"), member(OTHER, "router-10-1"), member(OTHER, null));

        assertThat(abandoned.ofFormerLife("router-1", OPEN, members))
                .containsExactlyInAnyOrder(transaction(ONE, 1), transaction(ONE, 2));
        assertThat(abandoned.membersOf("router-1", members)).containsExactly("router-1-1");
        assertThat(abandoned.ofFormerLife("router-2", OPEN, members)).isEmpty();
    }

    private static String transaction(String process, int thread) {
        return "app-" + process + "-" + thread;
    }

    private static Member member(String process, @Nullable String instance) {
        return new Member("app-" + process + "-StreamThread-1-consumer", instance);
    }
}
