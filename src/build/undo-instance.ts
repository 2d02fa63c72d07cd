import type { InstanceRecord } from '../images/instance-record.js';
import type { BuildContext } from './context.js';
import { leftoverOf } from './end-outlived.js';

/**
 * Holds an instance while the work on its layer goes on, and ends it afterwards. A builder of a cancelled run is left to
 * the next one where the run says so.
 */
export function undoInstance(instanceId: string, role: InstanceRecord['role'], context: BuildContext): void {
  const { fleet, undo, signal, onCancel, cloud } = context;
  fleet.hold(instanceId);
  undo.add(
    () =>
      role === 'builder' && onCancel === 'keep' && signal.aborted ? fleet.release(instanceId) : fleet.end(instanceId),
    (error) => leftoverOf(instanceId, cloud.region, error),
  );
}
