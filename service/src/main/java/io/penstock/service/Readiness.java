package io.penstock.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks every check, each on a virtual thread of its own. A check that hangs is asked by one thread
/// only, however often readiness is read. Thread-safe.
final class Readiness {
    private final List<Health.Check> checks;
    private final Duration answerMax;
    private final Map<String, FutureTask<Health>> asked = new ConcurrentHashMap<>();

    Readiness(List<Health.Check> checks, Duration answerMax) {
        this.checks = List.copyOf(checks);
        this.answerMax = answerMax;
        if (checks.stream().map(Health.Check::name).distinct().count() != checks.size()) {
            throw new IllegalArgumentException("two health checks have the same name: " + checks);
        }
    }

    /// What each check says, in the order the checks were given; returns within `answerMax` of being
    /// called.
    Map<String, Health> read() throws InterruptedException {
        long deadline = System.nanoTime() + answerMax.toNanos();
        List<FutureTask<Health>> tasks = checks.stream().map(this::ask).toList();
        Map<String, Health> answers = new LinkedHashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            answers.put(checks.get(i).name(), answer(tasks.get(i), deadline));
        }
        return answers;
    }

    private FutureTask<Health> ask(Health.Check check) {
        return asked.computeIfAbsent(check.name(), name -> {
            FutureTask<Health> task = new FutureTask<>(check.health()::get) {
                @Override
                protected void done() {
                    asked.remove(name, this);
                }
            };
            Thread.ofVirtual().name("check " + name).start(task);
            return task;
        });
    }

    private Health answer(FutureTask<Health> task, long deadline) throws InterruptedException {
        try {
            return task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new Health.Down("no answer within " + answerMax.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Health.Down("the check failed: " + e.getCause());
        }
    }
}
