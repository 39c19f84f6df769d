package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.Skip;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of others that tests run where they are: on the path, or where Go installs what it builds.
final class OtherPrograms {
    private static final Path GO = Path.of(System.getProperty("user.home"), "go", "bin");

    private OtherPrograms() {}

    /// Skips the test, and says what is not known then, unless `program` is there.
    static void need(String program, String otherwise) {
        if (find(program).isEmpty()) {
            Skip.because("no " + program + " on the PATH: " + otherwise);
        }
    }

    /// What a command, run in `directory`, wrote; it must end well.
    static String passes(Path directory, String... command) throws Exception {
        List<String> found = new ArrayList<>(List.of(command));
        find(command[0]).ifPresent(program -> found.set(0, program.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(found).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().merge("PATH", GO.toString(), (path, go) -> path + File.pathSeparator + go);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s\n%s", String.join(" ", command), output)
                .isZero();
        return output;
    }

    private static Optional<Path> find(String program) {
        Stream<Path> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(Path::of);
        return Stream.concat(path, Stream.of(GO))
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
