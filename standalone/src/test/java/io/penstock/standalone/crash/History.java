package io.penstock.standalone.crash;

import java.util.List;
import java.util.Set;

/// What was put in and what came out, as an outsider sees it: the submitted ids, every record of
/// `results`, every batch over HTTP with its files, and the engines' own logs.
///
/// `executions` are the custom ids of the requests that reached the engines, one entry for each time,
/// by their bodies; a body that nobody submitted has the id `(unknown body)`.
public record History(List<Job> jobs, List<ResultLine> results, List<Batch> batches, List<String> executions) {
    public History {
        jobs = List.copyOf(jobs);
        results = List.copyOf(results);
        batches = List.copyOf(batches);
        executions = List.copyOf(executions);
    }

    /// What was submitted as batch `batch`: its custom ids, those of them that an engine refuses, and what was
    /// to become of it. A retry has the custom ids of all lines of its parent.
    public record Job(String batch, Set<String> customIds, Set<String> refused, Fate fate) {
        public Job {
            customIds = Set.copyOf(customIds);
            refused = Set.copyOf(refused);
        }

        /// A batch each line of which is run.
        Job(String batch, Set<String> customIds, Set<String> refused) {
            this(batch, customIds, refused, new Fate.Completes());
        }
    }

    /// A batch as the API tells it at the end, with the lines of its files.
    public record Batch(
            String id,
            String status,
            int total,
            int completed,
            int failed,
            List<ResultLine> output,
            List<ResultLine> errors) {
        public Batch {
            output = List.copyOf(output);
            errors = List.copyOf(errors);
        }
    }
}
