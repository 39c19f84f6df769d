/// The `penstock` command: each subcommand a class, thin over what it starts.
@NullMarked
package io.penstock.standalone.command;

import org.jspecify.annotations.NullMarked;
