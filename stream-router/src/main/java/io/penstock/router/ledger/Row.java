package io.penstock.router.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.router.ledger.lane.Avoided;
import io.penstock.router.ledger.lane.LaneEntry;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One unfinished request as the ledger keeps it; its inline body is kept apart, because it never
/// changes.
///
/// `position` is its place in its lane: the offset of its admission, kept for life, so that a request
/// which comes back takes up its old place. `attempts` counts the failed ones, `epoch` the assignments.
/// `partial` is what stopped assignments have generated, if the next one may go on from it. `avoided` are the
/// engines it failed at last. `yields` counts how often a worker took it back to make room for others.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Row(
        Request request,
        long position,
        int attempts,
        int epoch,
        RowState state,
        @Nullable Partial partial,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Avoided> avoided,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int yields) {
    public Row {
        avoided = Objects.requireNonNullElse(avoided, List.of());
    }

    /// A request just admitted.
    static Row admitted(Request request, long position) {
        return new Row(request, position, 0, 0, new RowState.Pending(), null, List.of(), 0);
    }

    RequestId id() {
        return request.id();
    }

    /// The assignment that is running, if one is.
    @Nullable
    Assignment assignment() {
        return state instanceof RowState.Assigned(Assignment to) ? to : null;
    }

    /// Attempts made so far, a running one included.
    int attemptsMade() {
        return attempts + (state instanceof RowState.Assigned ? 1 : 0);
    }

    /// How it lies in its lane while it is pending.
    LaneEntry entry() {
        Tag tag = request.tag();
        return new LaneEntry(
                id(),
                tag.deadline().toEpochMilli(),
                tag.prefix(),
                position,
                tag.cost().kvTokens(),
                tag.cost().fairShare(),
                request.acceptedAt().toEpochMilli(),
                avoided);
    }

    Row in(RowState next) {
        return new Row(request, position, attempts, epoch, next, partial, avoided, yields);
    }

    Row assignedTo(Puller puller, long ticket) {
        int next = epoch + 1;
        RowState assigned = new RowState.Assigned(new Assignment(next, puller, ticket));
        return new Row(request, position, attempts, next, assigned, partial, avoided, yields);
    }

    Row failedOnce(RowState next) {
        return new Row(request, position, attempts + 1, epoch, next, partial, avoided, yields);
    }

    /// The same row, from which the next assignment goes on at `kept`; null: it begins again.
    Row keeping(@Nullable Partial kept) {
        return new Row(request, position, attempts, epoch, state, kept, avoided, yields);
    }

    /// The same row, taken back from its engine once more to make room for others.
    Row yielded() {
        return new Row(request, position, attempts, epoch, state, partial, avoided, yields + 1);
    }

    /// The same row, keeping away from `endpoint`, where it has failed, until `until`.
    Row avoiding(EndpointId endpoint, Instant until) {
        List<Avoided> all = Avoided.after(avoided, new Avoided(endpoint, until));
        return new Row(request, position, attempts, epoch, state, partial, all, yields);
    }

    Row tagged(Tag tag) {
        return new Row(request.tagged(tag), position, attempts, epoch, state, partial, avoided, yields);
    }
}
