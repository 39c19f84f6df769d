package io.penstock.standalone.crash;

import java.util.List;

/// The topics that the matrix looks at, by the names on the broker.
public enum Topic {
    REQUESTS_HIGH("penstock.requests.high"),
    REQUESTS_NORMAL("penstock.requests.normal"),
    REQUESTS_LOW("penstock.requests.low"),
    BATCHES("penstock.batches"),
    MODELS("penstock.models"),
    PULLS("penstock.pulls"),
    WORK("penstock.work"),
    OUTCOMES("penstock.outcomes"),
    RESULTS("penstock.results");

    public static final List<Topic> REQUESTS = List.of(REQUESTS_HIGH, REQUESTS_NORMAL, REQUESTS_LOW);

    private final String onBroker;

    Topic(String onBroker) {
        this.onBroker = onBroker;
    }

    public String onBroker() {
        return onBroker;
    }

    public static Topic of(String onBroker) {
        for (Topic topic : values()) {
            if (topic.onBroker.equals(onBroker)) {
                return topic;
            }
        }
        throw new IllegalArgumentException(onBroker);
    }
}
