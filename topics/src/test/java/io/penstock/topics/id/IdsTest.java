package io.penstock.topics.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IdsTest {
    @Test
    void aBatchLineKnowsItsBatchAndLine() {
        BatchId batch = BatchId.random();
        RequestId id = RequestId.ofLine(batch, 50_000);

        assertThat(id.batch()).isEqualTo(batch);
        assertThat(id.line()).isEqualTo(50_000);
    }

    @Test
    void whatOnlyLooksLikeABatchLineIsNone() {
        for (String text :
                new String[] {"batch_x:1", BatchId.random() + ":", BatchId.random() + ":0", BatchId.random() + ":x", "a"
                }) {
            assertThat(new RequestId(text).batch()).as(text).isNull();
        }
    }

    @Test
    void theSameKeyOfAnotherTenantIsAnotherRequest() {
        RequestId mine = RequestId.ofIdempotencyKey(new TenantId("a"), "k");

        assertThat(RequestId.ofIdempotencyKey(new TenantId("a"), "k")).isEqualTo(mine);
        assertThat(RequestId.ofIdempotencyKey(new TenantId("b"), "k")).isNotEqualTo(mine);
    }

    @Test
    void anIdTellsWhetherItsAnswerIsAskedForLater() {
        TenantId tenant = new TenantId("a");
        for (AsyncKind kind : AsyncKind.values()) {
            assertThat(AsyncKind.of(kind.random())).isEqualTo(kind);
            RequestId keyed = kind.ofIdempotencyKey(tenant, "k");
            assertThat(AsyncKind.of(keyed)).isEqualTo(kind);
            assertThat(kind.ofIdempotencyKey(tenant, "k")).isEqualTo(keyed);
            assertThat(kind.ofIdempotencyKey(new TenantId("b"), "k")).isNotEqualTo(keyed);
        }
        assertThat(AsyncKind.of(RequestId.ofLine(BatchId.random(), 1))).isNull();
        assertThat(AsyncKind.of(new RequestId("resp_1"))).isNull();
    }

    @Test
    void aFaultyIdIsRefusedWithItsNameAndLimit() {
        assertThatThrownBy(() -> new ModelName("x".repeat(257)))
                .hasMessage("model has 257 characters, the limit is 256");
        assertThatThrownBy(() -> new TenantId("a b"))
                .hasMessageContaining("tenant")
                .hasMessageContaining("'a b'");
        assertThatThrownBy(() -> new BatchId("batch_1")).hasMessageContaining("batch id");
    }

    @Test
    void thePriorityDecidesTheBand() {
        assertThat(Band.of(1)).isEqualTo(Band.HIGH);
        assertThat(Band.of(0)).isEqualTo(Band.NORMAL);
        assertThat(Band.of(-1)).isEqualTo(Band.LOW);
        assertThat(Band.parse("low")).isEqualTo(Band.LOW);
    }
}
