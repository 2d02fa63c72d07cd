import { expect, test } from '@jest/globals';
import { renderComment } from '../../src/report/comment.js';
import type { PlanItem } from '../../src/plan/build-plan.js';
import { failedStep } from './examples.js';

const NOTE = 'Values of secrets are masked in it (`***`); what a step makes of a value is not.';

const withSecret = (item: PlanItem): PlanItem => ({
  ...item,
  node: { ...item.node, layer: { ...item.node.layer, secrets: [{ name: 'TOKEN', service: 'ssm', id: '/token' }] } },
});

test('beside the log of a layer with secrets the comment says that it is masked; beside others it does not', () => {
  const secret = { ...failedStep, plan: { items: failedStep.plan.items.map(withSecret) } };
  expect(renderComment(secret, { id: 'default' })).toContain(`\`\`\`\n\n${NOTE}\n\n**Fix:**`);
  expect(renderComment(failedStep, { id: 'default' })).not.toContain(NOTE);
});
