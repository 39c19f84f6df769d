/// The demonstration: a varied batch beside live chat, and a summary of what became of both.
@NullMarked
package io.penstock.standalone.demo;

import org.jspecify.annotations.NullMarked;
