/// An example of a pack: a node that asks a question, a route that takes the answer, a script for the page.
@NullMarked
package comfyserverless.example;

import org.jspecify.annotations.NullMarked;
