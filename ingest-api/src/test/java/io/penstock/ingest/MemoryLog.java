package io.penstock.ingest;

import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.Listening;
import io.penstock.ingest.view.Redrive;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import io.penstock.topics.rewrite.Rewrites;
import io.penstock.topics.rewrite.Route;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Log and catalogues in memory: what is written shows at once.
public final class MemoryLog implements SubmissionLog, Catalogues {
    public final Map<BatchId, Batch> batches = new ConcurrentHashMap<>();
    public final Map<FileId, StoredFile> files = new ConcurrentHashMap<>();
    public final Map<UploadId, Upload> uploads = new ConcurrentHashMap<>();
    public final Map<PartId, UploadPart> parts = new ConcurrentHashMap<>();
    public final Map<ObjectiveName, Band> objectives = new ConcurrentHashMap<>();
    public final Map<ModelName, ServedModel> served = new ConcurrentHashMap<>();
    public final List<Control> commands = new CopyOnWriteArrayList<>();
    public final List<Batch> submissions = new CopyOnWriteArrayList<>();
    public final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    public final List<Redrive> redrives = new CopyOnWriteArrayList<>();
    private final MemoryClaims claims = new MemoryClaims();

    @Override
    public Held claim(String id, String fingerprint) {
        return claims.claim(id, fingerprint);
    }

    @Override
    public void put(StoredFile file) {
        files.put(file.id(), file);
    }

    @Override
    public void delete(FileId file) {
        files.remove(file);
    }

    @Override
    public void put(Upload upload) {
        uploads.put(upload.id(), upload);
    }

    @Override
    public void put(UploadPart part) {
        parts.put(part.id(), part);
    }

    @Override
    public @Nullable Upload upload(UploadId id) {
        return uploads.get(id);
    }

    @Override
    public Collection<Upload> uploads() {
        return uploads.values();
    }

    @Override
    public @Nullable UploadPart part(PartId id) {
        return parts.get(id);
    }

    @Override
    public Collection<UploadPart> parts() {
        return parts.values();
    }

    @Override
    public void submit(Batch batch) {
        submissions.add(batch);
        batches.put(batch.id(), batch);
    }

    @Override
    public void request(Band band, Redrive again) {
        redrives.add(again);
    }

    @Override
    public void command(Control control) {
        commands.add(control);
    }

    @Override
    public @Nullable StoredFile file(FileId id) {
        return files.get(id);
    }

    @Override
    public @Nullable StoredFile knownFile(FileId id) {
        return files.get(id);
    }

    @Override
    public boolean catchUpFiles() {
        return true;
    }

    @Override
    public Listening listen(BatchId batch, Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    /// Tells everyone who watches anything.
    public void changed() {
        watchers.forEach(Runnable::run);
    }

    @Override
    public Collection<StoredFile> files() {
        return files.values();
    }

    @Override
    public @Nullable Batch batch(BatchId id) {
        return batches.get(id);
    }

    @Override
    public Collection<Batch> batches() {
        return batches.values();
    }

    @Override
    public Route route(ModelName model, @Nullable ModelName asked) {
        return Rewrites.NONE.route(model, asked, () -> 0, served::get);
    }

    @Override
    public Map<ModelName, List<ModelName>> rewrittenModels() {
        return Map.of();
    }

    @Override
    public ModelName servedAs(ModelName model) {
        return model;
    }

    @Override
    public Set<ModelName> announcedModels() {
        return Set.of();
    }

    @Override
    public boolean isObjective(ObjectiveName name) {
        return objectives.containsKey(name);
    }

    @Override
    public Band bandOf(ObjectiveName objective) {
        return objectives.getOrDefault(objective, Band.LOW);
    }

    @Override
    public Collection<LaneStatus> lanes() {
        return List.of();
    }
}
