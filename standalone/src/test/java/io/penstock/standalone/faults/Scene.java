package io.penstock.standalone.faults;

import io.penstock.standalone.crash.Api;
import io.penstock.standalone.crash.Submitted;
import io.penstock.standalone.faults.Installation.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What a fault acts on, and what it has to say about it.
final class Scene {
    private final Installation installation;
    private final KafkaView kafka;
    private final List<Api> apis;
    private final Submitted submitted;
    private final List<String> notes = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private OptionalLong overNanos = OptionalLong.empty();

    Scene(Installation installation, KafkaView kafka, List<Api> apis, Submitted submitted) {
        this.installation = installation;
        this.kafka = kafka;
        this.apis = apis;
        this.submitted = submitted;
    }

    Installation installation() {
        return installation;
    }

    KafkaView kafka() {
        return kafka;
    }

    /// A client of each replica of the API.
    List<Api> apis() {
        return apis;
    }

    Submitted submitted() {
        return submitted;
    }

    /// The cause is gone, from now on.
    void over() {
        overNanos = OptionalLong.of(System.nanoTime());
    }

    /// When the cause went, for those that last.
    OptionalLong overNanos() {
        return overNanos;
    }

    /// Something a reader of the table should know.
    void note(String note) {
        notes.add(note);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /// Something that was promised and did not hold; makes the run fail.
    void violated(String promise) {
        violations.add(promise);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /// Lets so much time pass.
    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Faults.await("a while")
                .atMost(time.plusSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> System.nanoTime() - end >= 0);
    }

    /// Taken out of the load balancer, SIGTERM a second later, restart, ready again.
    void roll(Program program) {
        installation.takeOut(program);
        pause(Duration.ofSeconds(1));
        program.process().terminate();
        program.process().restart();
        installation.awaitReady(program);
        installation.putBack(program);
    }
}
