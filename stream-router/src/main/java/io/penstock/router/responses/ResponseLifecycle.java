package io.penstock.router.responses;

import io.penstock.router.responses.ResponseEffect.Announce;
import io.penstock.router.responses.ResponseEffect.Discard;
import io.penstock.router.responses.ResponseEffect.LookAt;
import io.penstock.router.responses.ResponseEffect.Retract;
import io.penstock.router.responses.ResponseEffect.Send;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Dispatch;
import io.penstock.topics.record.StoredResponse.Ending;
import io.penstock.topics.record.StoredResponse.Failure;
import io.penstock.topics.record.StoredResponse.Input;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The life of a request whose answer is asked for later, as a pure function: `(row, event) → step`.
///
/// | in \ on | submitted | started | ended | deleted | due |
/// |---|---|---|---|---|---|
/// | none | queued, sent | – | – | retracted | – |
/// | queued | told again | in progress | its end | deleted | failed¹ |
/// | in progress | told again | – | its end | deleted | failed¹ |
/// | its end | told again | – | – | deleted | deleted² |
/// | deleted | told again | – | – | – | none³ |
///
/// ¹ an hour past its deadline, should no result have come: the ledger ends everything by then; ² once it
/// was kept for as long as is set; ³ 3 d later. Only the submission that finds no row sends the request,
/// so two replicas that accept the same one run it once; the input the second brought is discarded.
final class ResponseLifecycle {
    /// The ledger answers what misses its deadline; this is for a result that was lost with its topic.
    static final Duration GRACE = Duration.ofHours(1);
    /// Longer than the ledger's memory of ended requests by default (2 d, `ledger.memory.ms`): within it
    /// the same id would be taken for a duplicate, and get no answer.
    static final Duration REMEMBERED = Duration.ofDays(3);

    private final Duration kept;

    /// Answers are kept for `kept` after the end.
    ResponseLifecycle(Duration kept) {
        this.kept = kept;
    }

    ResponseStep decide(@Nullable StoredResponse row, ResponseEvent event, Instant now) {
        return switch (event) {
            case ResponseEvent.Submitted(StoredResponse response) ->
                row == null ? accepted(response) : again(row, response);
            case ResponseEvent.Started(Instant at) ->
                row != null && row.status() == ResponseStatus.QUEUED
                        ? new ResponseStep(row.started(at), List.of(new Announce()))
                        : ResponseStep.ignored(row);
            case ResponseEvent.Ended(Ending ending) ->
                row == null || row.status().isFinal() ? ResponseStep.ignored(row) : ended(row, ending, now);
            case ResponseEvent.Deleted() ->
                row == null ? new ResponseStep(null, List.of(new Retract())) : gone(row, now);
            case ResponseEvent.Due() -> row == null ? ResponseStep.ignored(null) : due(row, now);
        };
    }

    private static ResponseStep accepted(StoredResponse response) {
        Dispatch dispatch = response.dispatch();
        if (dispatch == null) {
            throw new IllegalArgumentException(response.id() + " was submitted without what to send");
        }
        return new ResponseStep(
                response.dispatched(),
                List.of(new Send(dispatch), new LookAt(response.deadline().plus(GRACE))));
    }

    /// The submission has replaced what was told of the row, so it is told again.
    private static ResponseStep again(StoredResponse row, StoredResponse response) {
        List<ResponseEffect> effects = new ArrayList<>(List.of(new Announce()));
        Input brought = response.input();
        if (brought != null && !brought.equals(row.input())) {
            effects.add(new Discard(brought.body().blob()));
        }
        return new ResponseStep(row, effects);
    }

    private ResponseStep ended(StoredResponse row, Ending ending, Instant now) {
        Instant expires = now.plus(kept);
        return new ResponseStep(row.ended(ending, now, expires), List.of(new Announce(), new LookAt(expires)));
    }

    private static ResponseStep gone(StoredResponse row, Instant now) {
        if (row.status() == ResponseStatus.DELETED) {
            return ResponseStep.ignored(row);
        }
        List<ResponseEffect> effects = new ArrayList<>(List.of(new Announce(), new LookAt(now.plus(REMEMBERED))));
        if (row.input() != null) {
            effects.add(new Discard(row.input().body().blob()));
        }
        return new ResponseStep(row.deleted(now), effects);
    }

    private ResponseStep due(StoredResponse row, Instant now) {
        return switch (row.status()) {
            case QUEUED, IN_PROGRESS ->
                now.isBefore(row.deadline().plus(GRACE))
                        ? ResponseStep.ignored(row)
                        : ended(row, new Ending(ResponseStatus.FAILED, null, expired()), now);
            case COMPLETED, INCOMPLETE, FAILED, CANCELLED ->
                row.expiresAt() == null || now.isBefore(row.expiresAt()) ? ResponseStep.ignored(row) : gone(row, now);
            case DELETED ->
                now.isBefore(row.statusSince().plus(REMEMBERED))
                        ? ResponseStep.ignored(row)
                        : new ResponseStep(null, List.of(new Retract()));
        };
    }

    private static Failure expired() {
        return new Failure(ErrorCode.BATCH_EXPIRED.wireName(), ErrorCode.BATCH_EXPIRED.message());
    }
}
