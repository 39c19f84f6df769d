package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.WorkerId;

/// One endpoint as driven by one life of one worker: the party that pulls, and that tickets are
/// numbered for.
public record Puller(WorkerId worker, Incarnation incarnation, EndpointId endpoint) {
    /// A unique key, in which all pullers of one worker are adjacent.
    @JsonIgnore
    public String key() {
        return worker + " " + incarnation + " " + endpoint;
    }

    @Override
    public String toString() {
        return key();
    }
}
