import * as ssm from '@aws-sdk/client-ssm';
import { operation, type Operation } from '../wire/operation.js';
import { describeInstanceInformation } from './inventory.js';
import { getCommandInvocation, listCommandInvocations, listCommands } from './invocations.js';
import { deleteParameter, getParameter, getParameters, getParametersByPath, putParameter } from './parameters.js';
import { cancelCommand, sendCommand } from './send-command.js';

export const ssmOperations: readonly Operation[] = [
  operation(ssm.CancelCommand$, cancelCommand),
  operation(ssm.DeleteParameter$, deleteParameter),
  operation(ssm.DescribeInstanceInformation$, describeInstanceInformation),
  operation(ssm.GetCommandInvocation$, getCommandInvocation),
  operation(ssm.GetParameter$, getParameter),
  operation(ssm.GetParameters$, getParameters),
  operation(ssm.GetParametersByPath$, getParametersByPath),
  operation(ssm.ListCommandInvocations$, listCommandInvocations),
  operation(ssm.ListCommands$, listCommands),
  operation(ssm.PutParameter$, putParameter),
  operation(ssm.SendCommand$, sendCommand),
];
