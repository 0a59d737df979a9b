/** Whether rows of token ids are what training may see: rules, and how a row is shown. */
@NullMarked
package org.hone.data.audit;

import org.jspecify.annotations.NullMarked;
