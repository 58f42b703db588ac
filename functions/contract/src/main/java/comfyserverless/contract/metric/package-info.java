/// What is measured of a deployment: written by functions and runners, read by alarms, scaling, the dashboard.
@NullMarked
package comfyserverless.contract.metric;

import org.jspecify.annotations.NullMarked;
