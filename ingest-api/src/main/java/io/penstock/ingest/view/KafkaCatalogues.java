package io.penstock.ingest.view;

import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.service.Services;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import io.penstock.topics.rewrite.Route;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The catalogues, followed on their topics.
public final class KafkaCatalogues implements Catalogues, Service {
    final CompactedView<FileId, StoredFile> files;
    final CompactedView<UploadId, Upload> uploads;
    final CompactedView<PartId, UploadPart> parts;
    final CompactedView<BatchId, Batch> batches;
    private final CompactedView<ModelName, ServedModel> models;
    private final CompactedView<ObjectiveName, Objective> objectives;
    private final CompactedView<RewriteName, ModelRewrite> rewrites;
    private final RewritesView sorted;
    private final CompactedView<String, LaneStatus> lanes;
    private final Services services = new Services();

    /// What is asked for under an idempotency key is waited for `keyPatience` at most.
    public KafkaCatalogues(Topics topics, KafkaClients kafka, Duration keyPatience) {
        files = new CompactedView<>(topics.files(), kafka.consumer(), keyPatience);
        uploads = new CompactedView<>(topics.uploads(), kafka.consumer(), keyPatience);
        parts = new CompactedView<>(topics.uploadParts(), kafka.consumer(), keyPatience);
        batches = new CompactedView<>(topics.batches(), kafka.consumer(), keyPatience);
        models = new CompactedView<>(topics.models(), kafka.consumer(), keyPatience);
        objectives = new CompactedView<>(topics.objectives(), kafka.consumer(), keyPatience);
        rewrites = new CompactedView<>(topics.rewrites(), kafka.consumer(), keyPatience);
        sorted = new RewritesView(rewrites);
        lanes = new CompactedView<>(topics.lanes(), kafka.consumer(), keyPatience);
    }

    @Override
    public String name() {
        return "catalogues";
    }

    @Override
    public void start() throws Exception {
        services.start(files);
        services.start(uploads);
        services.start(parts);
        services.start(batches);
        services.start(models);
        services.start(objectives);
        services.start(rewrites);
        services.start(lanes);
    }

    @Override
    public void close() {
        services.close();
    }

    /// Up once every catalogue was read to its end.
    public Health health() {
        return Stream.of(
                        files.health(),
                        uploads.health(),
                        parts.health(),
                        batches.health(),
                        models.health(),
                        objectives.health(),
                        rewrites.health())
                .filter(Health.Down.class::isInstance)
                .findFirst()
                .orElse(new Health.Up());
    }

    @Override
    public @Nullable StoredFile file(FileId id) {
        return files.find(id);
    }

    @Override
    public @Nullable StoredFile knownFile(FileId id) {
        return files.get(id);
    }

    @Override
    public boolean catchUpFiles() {
        return files.catchUp();
    }

    @Override
    public Listening listen(BatchId batch, Runnable changed) {
        List<Listening> all = List.of(
                batches.listen(batch, changed),
                files.listen(FileId.ofBatch(batch, "output"), changed),
                files.listen(FileId.ofBatch(batch, "error"), changed));
        return () -> all.forEach(Listening::close);
    }

    @Override
    public Collection<StoredFile> files() {
        return files.values();
    }

    @Override
    public @Nullable Upload upload(UploadId id) {
        return uploads.find(id);
    }

    @Override
    public Collection<Upload> uploads() {
        return uploads.values();
    }

    @Override
    public @Nullable UploadPart part(PartId id) {
        return parts.find(id);
    }

    @Override
    public Collection<UploadPart> parts() {
        return parts.values();
    }

    @Override
    public @Nullable Batch batch(BatchId id) {
        return batches.find(id);
    }

    @Override
    public @Nullable StoredFile settled(FileId id) {
        return files.settled(id);
    }

    @Override
    public @Nullable Batch settled(BatchId id) {
        return batches.settled(id);
    }

    @Override
    public @Nullable Upload settled(UploadId id) {
        return uploads.settled(id);
    }

    @Override
    public @Nullable UploadPart settled(PartId id) {
        return parts.settled(id);
    }

    @Override
    public @Nullable StoredFile awaited(FileId id) {
        return files.awaited(id);
    }

    @Override
    public @Nullable Batch awaited(BatchId id) {
        return batches.awaited(id);
    }

    @Override
    public @Nullable Upload awaited(UploadId id) {
        return uploads.awaited(id);
    }

    @Override
    public @Nullable UploadPart awaited(PartId id) {
        return parts.awaited(id);
    }

    @Override
    public Collection<Batch> batches() {
        return batches.values();
    }

    @Override
    public Collection<Batch> allBatches() {
        batches.catchUp();
        return batches.values();
    }

    @Override
    public Route route(ModelName model, @Nullable ModelName asked) {
        return sorted.now().route(model, asked, ThreadLocalRandom.current()::nextLong, models::get);
    }

    @Override
    public Map<ModelName, List<ModelName>> rewrittenModels() {
        return sorted.now().names();
    }

    @Override
    public ModelName servedAs(ModelName model) {
        ServedModel served = models.get(model);
        return served == null ? model : served.servedAs();
    }

    @Override
    public Set<ModelName> announcedModels() {
        return models.values().stream().map(ServedModel::name).collect(Collectors.toSet());
    }

    @Override
    public Band bandOf(ObjectiveName name) {
        return Objective.bandOf(name, objectives.get(name));
    }

    @Override
    public Collection<LaneStatus> lanes() {
        return lanes.values();
    }

    @Override
    public boolean isObjective(ObjectiveName name) {
        return name.equals(ObjectiveName.DEFAULT) || objectives.get(name) != null;
    }
}
