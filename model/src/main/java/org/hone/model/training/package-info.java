/** One optimisation step: flat parameters, gradient sums that no world size changes, clipping, AdamW, schedules. */
@NullMarked
package org.hone.model.training;

import org.jspecify.annotations.NullMarked;
