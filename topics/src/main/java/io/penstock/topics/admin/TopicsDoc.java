package io.penstock.topics.admin;

import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;

/// The page `docs/topics.md`, written from the catalogue.
public final class TopicsDoc {
    private TopicsDoc() {}

    /// The whole page in Markdown.
    public static String markdown(Topics production) {
        StringBuilder page = new StringBuilder("""
            # Topics

            Generated from the catalogue (`Topics`); a test compares. Prefix, partitions and replication are fixed once per
            installation (`TopicLayout`); the numbers below are the production defaults. `penstock topics apply` creates them,
            `penstock topics verify` refuses to go on when a cluster differs.

            | topic | partitions | kept | writer → reader | what travels |
            |---|---|---|---|---|
            """);
        for (Topic<?, ?> topic : production.all()) {
            page.append("| `")
                    .append(topic.name())
                    .append("` | ")
                    .append(topic.partitions())
                    .append(" | ")
                    .append(topic.retention().words())
                    .append(" | ")
                    .append(topic.traffic())
                    .append(" | ")
                    .append(topic.about())
                    .append(" |\n");
        }
        return page.toString();
    }
}
