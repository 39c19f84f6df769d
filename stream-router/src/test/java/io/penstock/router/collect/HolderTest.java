package io.penstock.router.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobInfo;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HolderTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Segment A = new Segment("a".repeat(32), 1);
    private static final Segment B = new Segment("b".repeat(32), 2);

    @Test
    void whatIsReleasedIsWhatIsNotHeldAnyMore() {
        Holder both = new Holder(List.of(A, B), null);

        assertThat(Holder.released(null, both)).isEmpty();
        assertThat(Holder.released(both, both)).isEmpty();
        assertThat(Holder.released(both, new Holder(List.of(B), null))).containsExactly(A);
        assertThat(Holder.released(both, null)).containsExactly(A, B);
    }

    @Test
    void aPartOutlivesEveryCompletionOfItsUpload() {
        UploadId id = UploadId.random();
        Upload upload = new Upload(
                id,
                TenantId.DEFAULT,
                "a",
                "evals",
                "text/plain",
                1,
                START,
                START.plus(Duration.ofHours(1)),
                null,
                Upload.Status.PENDING);
        Holder part = Holder.of(new UploadPart(PartId.random(), id, START, A));

        assertThat(part.isOver(upload.expiresAt().plus(Duration.ofMinutes(59)))).isFalse();
        assertThat(part.isOver(START.plus(Duration.ofHours(2)))).isTrue();
        assertThat(Holder.of(upload).isOver(upload.expiresAt().plus(Duration.ofHours(23))))
                .isFalse();
        assertThat(Holder.of(upload).isOver(upload.expiresAt().plus(Duration.ofDays(1))))
                .isTrue();
        assertThat(Holder.of(new Hold(List.of(A))).isOver(Instant.MAX)).isFalse();
    }

    @Test
    void theGraceIsToTheMillisecond() {
        CollectPolicy policy = CollectPolicy.DEFAULT;
        BlobInfo blob = new BlobInfo(BlobId.random(), 1, START);
        Instant last = START.plus(Duration.ofDays(1)).minusMillis(1);

        assertThat(policy.isDue(START, last)).isFalse();
        assertThat(policy.isDue(START, last.plusMillis(1))).isTrue();
        assertThat(policy.mayBeOrphan(blob, last)).isFalse();
        assertThat(policy.mayBeOrphan(blob, last.plusMillis(1))).isTrue();
        assertThat(CollectPolicy.isPlausible(100, 100)).isTrue();
        assertThat(CollectPolicy.isPlausible(101, 1009)).isFalse();
        assertThat(CollectPolicy.isPlausible(101, 1010)).isTrue();
        assertThatThrownBy(() -> new CollectPolicy(Duration.ofSeconds(1), Duration.ZERO, 1))
                .hasMessageContaining("collect.grace.ms");
    }
}
