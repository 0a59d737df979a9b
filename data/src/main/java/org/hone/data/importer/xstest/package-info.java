/** XSTest: prompts that only sound unsafe with unsafe contrasts, completions of them, and graded pairs of these. */
@NullMarked
package org.hone.data.importer.xstest;

import org.jspecify.annotations.NullMarked;
