package io.penstock.payload.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.payload.PayloadStore;
import io.penstock.payload.s3.S3Server;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class FirstContactTest {
    @Test
    void aStoreReachedOnceIsNotAskedAgain() throws Exception {
        try (S3Server server = new S3Server()) {
            PayloadStore store = server.config().open(InstantSource.system());
            FirstContact contact = new FirstContact(store);
            server.stop();
            assertThat(contact.problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains(S3Server.BUCKET, "payload.s3.bucket"));
            server.start();
            assertThat(contact.problem()).isEmpty();
            server.stop();
            assertThat(contact.problem()).isEmpty();
            store.close();
        }
    }
}
