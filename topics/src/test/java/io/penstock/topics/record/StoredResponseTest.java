package io.penstock.topics.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.Samples;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StoredResponseTest {
    @Test
    void onlyASuccessorMayBeEntered() {
        for (StoredResponse response : Samples.responses()) {
            ways(response).forEach((next, way) -> {
                if (response.status().successors().contains(next)) {
                    assertThat(way.get().status()).isEqualTo(next);
                    assertThat(way.get().statusSince()).isEqualTo(Samples.NOW);
                } else {
                    assertThatThrownBy(way::get).isInstanceOf(IllegalStateException.class);
                }
            });
        }
    }

    @Test
    void aFinalStatusIsFollowedByDeletionOnly() {
        for (ResponseStatus status : ResponseStatus.values()) {
            assertThat(status.successors().stream().allMatch(next -> next == ResponseStatus.DELETED))
                    .as(status.wireName())
                    .isEqualTo(status.isFinal());
        }
    }

    @Test
    void statusesHaveOpenAisWords() {
        assertThat(ResponseStatus.values())
                .extracting(ResponseStatus::wireName)
                .containsExactly("queued", "in_progress", "completed", "incomplete", "failed", "cancelled", "deleted");
    }

    @Test
    void whatWasDeletedHasNoContent() {
        StoredResponse deleted = Samples.QUEUED.deleted(Samples.NOW);

        assertThat(deleted.input()).isNull();
        assertThat(deleted.dispatch()).isNull();
        assertThat(deleted.result()).isNull();
        assertThat(deleted.fingerprint()).isEqualTo(Samples.QUEUED.fingerprint());
    }

    @Test
    void aLongMessageIsShortened() {
        assertThat(new StoredResponse.Failure("c", "m".repeat(2000)).message()).hasSize(1024);
    }

    private static Map<ResponseStatus, Supplier<StoredResponse>> ways(StoredResponse from) {
        Map<ResponseStatus, Supplier<StoredResponse>> ways = new EnumMap<>(ResponseStatus.class);
        ways.put(ResponseStatus.IN_PROGRESS, () -> from.started(Samples.NOW));
        ways.put(ResponseStatus.DELETED, () -> from.deleted(Samples.NOW));
        for (ResponseStatus status : new ResponseStatus[] {
            ResponseStatus.COMPLETED, ResponseStatus.INCOMPLETE, ResponseStatus.FAILED, ResponseStatus.CANCELLED
        }) {
            StoredResponse.Ending ending = new StoredResponse.Ending(status, null, null);
            ways.put(status, () -> from.ended(ending, Samples.NOW, Samples.NOW));
        }
        return ways;
    }
}
