package io.penstock.ingest.view;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import io.penstock.topics.rewrite.Route;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What handlers read: files, batches, and the names of models. Reading never fails, but for `settled`; while
/// Kafka is away it shows what was last known.
public interface Catalogues {
    /// The file, null if there is none.
    @Nullable
    StoredFile file(FileId id);

    /// The file as last known, null if none is; does not wait.
    @Nullable
    StoredFile knownFile(FileId id);

    /// Waits until every file is known that is published by now; false if that cannot be told now.
    boolean catchUpFiles();

    /// Every file, in no order.
    Collection<StoredFile> files();

    /// The upload, null if there is none.
    @Nullable
    Upload upload(UploadId id);

    /// Every upload, in no order.
    Collection<Upload> uploads();

    /// The part of an upload, null if there is none.
    @Nullable
    UploadPart part(PartId id);

    /// Every part of every upload, in no order.
    Collection<UploadPart> parts();

    /// The batch, null if there is none.
    @Nullable
    Batch batch(BatchId id);

    /// The file, null if there is none for sure.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if that cannot be told in time
    default @Nullable StoredFile settled(FileId id) {
        return file(id);
    }

    /// The batch, null if there is none for sure.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if that cannot be told in time
    default @Nullable Batch settled(BatchId id) {
        return batch(id);
    }

    /// The upload, null if there is none for sure.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if that cannot be told in time
    default @Nullable Upload settled(UploadId id) {
        return upload(id);
    }

    /// The part of an upload, null if there is none for sure.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if that cannot be told in time
    default @Nullable UploadPart settled(PartId id) {
        return part(id);
    }

    /// The file as soon as there is one, null if there is none in time.
    default @Nullable StoredFile awaited(FileId id) {
        return file(id);
    }

    /// The batch as soon as there is one, null if there is none in time.
    default @Nullable Batch awaited(BatchId id) {
        return batch(id);
    }

    /// The upload as soon as there is one, null if there is none in time.
    default @Nullable Upload awaited(UploadId id) {
        return upload(id);
    }

    /// The part of an upload as soon as there is one, null if there is none in time.
    default @Nullable UploadPart awaited(PartId id) {
        return part(id);
    }

    /// Runs `changed` whenever the batch or its files change, until the watch is closed. It must not block.
    Listening listen(BatchId batch, Runnable changed);

    /// Every batch, in no order.
    Collection<Batch> batches();

    /// The same, those that other replicas accepted before this call included, as far as Kafka can be read
    /// now.
    default Collection<Batch> allBatches() {
        return batches();
    }

    /// What becomes of an interactive call for `model`, `asked` being what its header asks for instead.
    /// Weights are drawn at random.
    Route route(ModelName model, @Nullable ModelName asked);

    /// Each name that a rewrite has of its own, and the models it may run as, by name.
    Map<ModelName, List<ModelName>> rewrittenModels();

    /// The name engines serve `model` under: itself, unless it is an alias.
    ModelName servedAs(ModelName model);

    /// Every alias and model that workers have announced.
    Set<ModelName> announcedModels();

    /// The band of objective `name`; normal if there is none of that name.
    Band bandOf(ObjectiveName name);

    /// How each lane stands, as last told, in no order.
    Collection<LaneStatus> lanes();

    /// True if there is such an objective.
    boolean isObjective(ObjectiveName name);
}
