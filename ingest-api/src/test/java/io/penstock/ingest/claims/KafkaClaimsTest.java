package io.penstock.ingest.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.service.KafkaClients;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What two replicas make of their claims is shown by `KeyRaceIT`.
class KafkaClaimsTest {
    @Test
    void aClaimThatIsNotReadBackInTimeIsToBeRepeated() {
        KafkaClaims claims = new KafkaClaims(
                new Topics(TopicLayout.STANDALONE).claims(),
                KafkaClients.at("localhost:1"),
                (_, _) -> {},
                Duration.ofMillis(20));
        try (claims) {
            assertThatThrownBy(() -> claims.claim("batch_1", "f"))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.OVERLOADED))
                    .hasMessageContaining("20 ms (setting idempotency.wait.max.ms)");
        }
    }
}
