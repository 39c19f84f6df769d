package io.penstock.ingest.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.ServedModel;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final ModelName KEY = new ModelName("m");
    private static final ServedModel VALUE = new ServedModel(KEY, KEY, new PoolName("p"), null);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final CompactedView<ModelName, ServedModel> view =
            new CompactedView<>(new Topics(TopicLayout.STANDALONE).models(), nowhere(), Duration.ofSeconds(1));

    @AfterEach
    void stop() {
        view.close();
    }

    @Test
    void tellsOfWhatHappensToItsKeyAlone() {
        try (Watch watch = view.watch(KEY);
                Watch another = view.watch(KEY)) {
            view.wrote(new ModelName("other"), VALUE, 0);
            assertThat(watch.await(Duration.ZERO)).isFalse();

            view.wrote(KEY, VALUE, 1);
            view.wrote(KEY, null, 2);

            assertThat(watch.await(LONG)).isTrue();
            assertThat(watch.await(Duration.ZERO)).as("both were told at once").isFalse();
            assertThat(another.await(LONG)).isTrue();
        }
    }

    @Test
    void whoWaitsIsWokenByItsClosing() throws InterruptedException {
        Watch watch = view.watch(KEY);
        Thread closer = Thread.ofVirtual().start(watch::close);

        assertThat(watch.await(LONG)).isFalse();
        closer.join();
        assertThat(watch.isClosed()).isTrue();
        assertThat(watch.await(LONG)).as("at once").isFalse();
    }

    @Test
    void whoWaitsIsReleasedWhenTheViewStops() {
        Watch before = view.watch(KEY);
        view.release();
        Watch after = view.watch(KEY);

        assertThat(before.await(LONG)).isFalse();
        assertThat(before.isClosed()).isTrue();
        assertThat(after.isClosed()).isTrue();
    }

    private static Properties nowhere() {
        Properties kafka = new Properties();
        kafka.put("bootstrap.servers", "127.0.0.1:1");
        return kafka;
    }
}
