package io.penstock.topics.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicsPlanTest {
    private final Topics topics = new Topics(TopicLayout.STANDALONE);

    @Test
    void anEmptyClusterNeedsEveryTopic() {
        TopicsPlan plan = TopicsPlan.of(topics, Map.of());

        assertThat(plan.differences()).hasSize(topics.all().size()).allMatch(Difference.Missing.class::isInstance);
        assertThat(plan.canApply()).isTrue();
    }

    @Test
    void aClusterAsTheCatalogueSaysNeedsNothing() {
        assertThat(TopicsPlan.of(topics, matching()).isEmpty()).isTrue();
    }

    @Test
    void aDriftedSettingCanBeSetBack() {
        Map<String, ClusterTopic> found = matching();
        found.computeIfPresent(
                "penstock.batches",
                (_, topic) -> new ClusterTopic(
                        topic.partitions(),
                        topic.replicas(),
                        Map.of(
                                "cleanup.policy",
                                "delete",
                                "min.insync.replicas",
                                "1",
                                "max.message.bytes",
                                "2097152")));

        TopicsPlan plan = TopicsPlan.of(topics, found);

        assertThat(plan.differences())
                .containsExactly(new Difference.Setting("penstock.batches", "cleanup.policy", "delete", "compact"));
        assertThat(plan.canApply()).isTrue();
    }

    @Test
    void otherPartitionsCannotBeApplied() {
        Map<String, ClusterTopic> found = matching();
        found.computeIfPresent("penstock.work", (_, topic) -> new ClusterTopic(64, topic.replicas(), topic.settings()));

        TopicsPlan plan = TopicsPlan.of(topics, found);

        assertThat(plan.differences()).containsExactly(new Difference.Partitions("penstock.work", 64, 4));
        assertThat(plan.canApply()).isFalse();
    }

    private Map<String, ClusterTopic> matching() {
        Map<String, ClusterTopic> found = new HashMap<>();
        for (Topic<?, ?> topic : topics.all()) {
            found.put(
                    topic.name(), new ClusterTopic(topic.partitions(), 1, TopicsPlan.settings(topic, topics.layout())));
        }
        return found;
    }
}
