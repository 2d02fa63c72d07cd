import { entry, from, member } from './credential-file.js';

const CLUSTER = entry('token|password|client-key-data|id-token|refresh-token|access-token|auth-token');
const LOGIN = member('auth|identitytoken|registrytoken|password');

/** What tools of containers and clusters keep; a kubeconfig whose user is a command, and a list without logins, may stay. */
export const CONTAINER_FILES = [
  ...from(
    'Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files", "PKI certificates and requirements", "Managing service accounts"',
    ['.kube/config*', 'access to a Kubernetes cluster', CLUSTER],
    ['.kube/*.@(conf|config|yaml|yml)', 'access to a Kubernetes cluster', CLUSTER],
    ['/etc/kubernetes/*.conf', 'access to a Kubernetes cluster', CLUSTER],
    ['/etc/kubernetes/tokens.csv', 'tokens of a Kubernetes cluster'],
    ['/var/lib/kubelet/*kubeconfig', 'access to a Kubernetes cluster', CLUSTER],
    ['/var/lib/kubelet/config.json', 'a login of a container registry', LOGIN],
  ),
  ...from(
    'K3s documentation, "Cluster Access", "token"; RKE2 documentation, "Cluster Access"',
    ['/etc/rancher/@(k3s|rke2)/@(k3s|rke2).yaml', 'access to a Kubernetes cluster', CLUSTER],
    ['/etc/rancher/@(k3s|rke2)/config.yaml', 'the token of a Kubernetes cluster', entry('token|agent-token')],
    [
      '/etc/rancher/@(k3s|rke2)/registries.yaml',
      'a login of a container registry',
      entry('password|auth|identity_token'),
    ],
    ['/etc/rancher/node/password', 'the password of a Kubernetes node'],
    ['/var/lib/rancher/@(k3s|rke2)/server/@(token|node-token|agent-token)', 'the token of a Kubernetes cluster'],
    ['.rancher/cli2.json', 'a token of Rancher', member('tokenKey|secretKey')],
  ),
  ...from(
    'Docker documentation, "docker login: Credential stores"',
    ['.docker/config.json', 'a login of a container registry', LOGIN],
    ['.dockercfg', 'a login of a container registry', LOGIN],
  ),
  ...from(
    'containers-auth.json(5)',
    ['.config/containers/auth.json', 'a login of a container registry', LOGIN],
    ['/etc/containers/auth.json', 'a login of a container registry', LOGIN],
  ),
  ...from(
    'Helm documentation, "helm registry login", "helm repo add"',
    ['.config/helm/registry/config.json', 'a login of a chart registry', LOGIN],
    ['.config/helm/repositories.yaml', 'the password of a chart repository', entry('password')],
    ['.helm/repository/repositories.yaml', 'the password of a chart repository', entry('password')],
  ),
  ...from(
    'Apptainer and SingularityCE user guides, "Managing Remote Endpoints", "registry login"',
    ['.@(apptainer|singularity)/docker-config.json', 'a login of a container registry', LOGIN],
    ['.@(apptainer|singularity)/remote.yaml', 'a token of a container library', entry('Token')],
  ),
  ...from('Argo CD documentation, "argocd login"', [
    '.config/argocd/config',
    'a token of Argo CD',
    entry('auth-token|refresh-token'),
  ]),
];
