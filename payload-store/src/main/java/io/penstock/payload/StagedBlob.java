package io.penstock.payload;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file of the staging folder that becomes a blob when it is committed: forced to disk, then renamed
/// to `target`.
final class StagedBlob extends BlobWriter {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final BlobId id;
    private final Path file;
    private final Path target;
    private final FileChannel channel;
    private final OutputStream buffered;
    private long size;
    private boolean ended;

    StagedBlob(BlobId id, Path staging, Path target) throws IOException {
        this.id = id;
        this.file = staging.resolve(id.value());
        this.target = target;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw LocalFailures.of("cannot begin a payload in " + staging, e);
        }
        this.buffered = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        refuseIfEnded();
        try {
            buffered.write(bytes, offset, length);
        } catch (IOException e) {
            throw LocalFailures.of("cannot write payload " + id, e);
        }
        size += length;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public BlobId commit() throws IOException {
        refuseIfEnded();
        try {
            buffered.flush();
            channel.force(true);
            channel.close();
            Path folder = target.resolveSibling("");
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                forceDirectory(folder.resolveSibling(""));
            }
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            ended = true;
            forceDirectory(folder);
        } catch (IOException e) {
            throw LocalFailures.of("cannot commit payload " + id, e);
        }
        return id;
    }

    @Override
    public void close() throws IOException {
        if (!ended) {
            ended = true;
            channel.close();
            Files.deleteIfExists(file);
        }
    }

    private void refuseIfEnded() {
        if (ended) {
            throw new IllegalStateException("payload " + id + " was committed or closed before");
        }
    }

    /// A rename survives a power cut only once its directory is on disk. Systems whose directories
    /// cannot be opened, such as Windows, see to that themselves.
    private static void forceDirectory(Path directory) throws IOException {
        FileChannel opened;
        try {
            opened = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException _) {
            return;
        }
        try (opened) {
            opened.force(true);
        }
    }
}
