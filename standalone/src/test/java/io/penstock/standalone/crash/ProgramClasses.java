package io.penstock.standalone.crash;

import io.penstock.standalone.PenstockMain;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Where a program of ours in a JVM of its own finds its classes: `path` is its class path, `options` are for its JVM.
public record ProgramClasses(String path, List<String> options) {
    public ProgramClasses {
        options = List.copyOf(options);
    }

    /// Those of this test.
    public static ProgramClasses ofThisTest() {
        return new ProgramClasses(System.getProperty("java.class.path"), List.of());
    }

    /// The same as the image has them: in jars, with an AOT cache that a run of the demo leaves (see `Dockerfile`).
    /// Takes half a minute; what it makes is put into `dir`. A JVM that cannot use the cache does not start.
    public static ProgramClasses asInTheImage(Path dir) throws IOException, InterruptedException {
        Files.createDirectories(dir);
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path classes = Path.of(entry);
            if (Files.isDirectory(classes) && !entry.isEmpty()) {
                jars.add(jar(classes, dir.resolve("classes-" + jars.size() + ".jar")));
            } else if (!entry.isEmpty()) {
                jars.add(entry);
            }
        }
        String path = String.join(File.pathSeparator, jars);
        Path cache = dir.resolve("classes.aot");
        List<String> command = new ArrayList<>(ChildJvm.java());
        command.addAll(List.of(
                "-XX:AOTCacheOutput=" + cache, "-cp", path, PenstockMain.class.getName(), "demo", "--lines", "40"));
        Path log = dir.resolve("training.log");
        Process training = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!training.waitFor(5, TimeUnit.MINUTES) || !Files.exists(cache)) {
            training.destroyForcibly();
            throw new IOException("no AOT cache was made: " + Files.readString(log));
        }
        return new ProgramClasses(
                path, List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-Xlog:aot*=off", "-Xlog:cds*=off"));
    }

    private static String jar(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path one : all.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(one).toString().replace(File.separatorChar, '/')));
                Files.copy(one, out);
                out.closeEntry();
            }
        }
        return jar.toString();
    }
}
