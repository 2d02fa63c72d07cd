import type { InstanceRecord } from '../images/instance-record.js';
import { ParentLost } from './claim-lost.js';
import type { BuildContext } from './context.js';
import { leftoverOf } from './end-outlived.js';
import { WaitedEnough } from './run-stopped.js';

/**
 * Holds an instance while the work on its layer goes on, and ends it afterwards. A builder of a cancelled run is left to
 * the next one where the run says so, and that of a run that has waited long enough always is. Returns a way to leave it to another layer.
 */
export function undoInstance(instanceId: string, role: InstanceRecord['role'], context: BuildContext): () => void {
  const { fleet, undo, signal, onCancel, cloud } = context;
  const isLeft = (): boolean => {
    if (role !== 'builder' || !signal.aborted || signal.reason instanceof ParentLost) return false;
    return onCancel === 'keep' || signal.reason instanceof WaitedEnough;
  };
  fleet.hold(instanceId);
  return undo.add(
    () => (isLeft() ? fleet.release(instanceId) : fleet.end(instanceId)),
    (error) => leftoverOf(instanceId, cloud.region, error),
  );
}
