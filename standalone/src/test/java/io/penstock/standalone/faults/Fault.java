package io.penstock.standalone.faults;

/// Something that goes wrong while work runs. `name` is its name on the command line; `what` says what
/// is done to whom.
record Fault(String name, String what, Script script) {
    /// Does it, and takes it back.
    interface Script {
        void run(Scene scene) throws Exception;
    }
}
