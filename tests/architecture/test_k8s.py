"""Tests that the manifests in k8s/ are valid and run every program of the demo."""

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.local.demo_programs import list_demo_programs
from tenants.models import Channel, Delivery, DeliveryState, Queue

pytestmark = pytest.mark.slow

Doc = dict[str, Any]

ROOT: Path = settings.BASE_DIR / "k8s"
BASE = ROOT / "base"
OVERLAYS = sorted(path.parent for path in (ROOT / "overlays").glob("*/kustomization.yaml"))
OLDEST = "1.30"  # Pre-stop sleeps and sidecars that start first.
KEDA = "keda.sh/v1alpha1"


def read_yaml(path: Path) -> Any:
    """Read a file that holds one document."""
    return yaml.safe_load(path.read_text())


def read_base_manifests() -> list[Doc]:
    """Everything that the base's kustomization lists."""
    listed = read_yaml(BASE / "kustomization.yaml")["resources"]
    return [doc for name in listed for doc in yaml.safe_load_all((BASE / name).read_text())]


def render_kustomize_overlay(overlay: Path) -> list[Doc]:
    """The base with an overlay's patches applied; fails on one that meets nothing."""
    docs = read_base_manifests()
    for patch in read_yaml(overlay / "kustomization.yaml")["patches"]:
        target = patch["target"]
        met = [
            doc
            for doc in docs
            if doc["kind"] == target["kind"] and re.fullmatch(target["name"], get_resource_name(doc))
        ]
        assert met, target
        for doc in met:
            for change in yaml.safe_load(patch["patch"]):
                apply_json_patch(doc, change)
    return docs


def apply_json_patch(doc: Doc, change: Doc) -> None:
    """Apply one JSON patch operation; its path has to be there."""
    assert change["op"] == "replace"
    *way, last = [int(part) if part.isdecimal() else part for part in change["path"].strip("/").split("/")]
    place: Any = doc
    for part in way:
        place = place[part]
    assert place[last] is not None
    place[last] = change["value"]


def get_resource_name(doc: Doc) -> str:
    """The name of a resource."""
    return doc["metadata"]["name"]


def list_kubernetes_resources(*kinds: str) -> dict[str, Doc]:
    """The base's resources of these kinds by name."""
    return {get_resource_name(doc): doc for doc in read_base_manifests() if doc["kind"] in kinds}


def list_pod_specs() -> dict[str, Doc]:
    """The pod each workload makes, by the workload's name."""
    return {key: doc["spec"]["template"]["spec"] for key, doc in list_kubernetes_resources("Deployment", "Job").items()}


def list_pod_containers() -> list[Doc]:
    """Every container of every pod, those that start first included."""
    return [each for pod in list_pod_specs().values() for each in [*pod.get("initContainers", []), *pod["containers"]]]


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: path.name)
def test_every_resource_is_valid_in_kubernetes(overlay, version):
    for doc in render_kustomize_overlay(overlay):
        if doc["apiVersion"] != KEDA:
            kubernetes_validate.validate(doc, version, strict=True)


def test_every_file_of_the_base_is_listed():
    files = {path.name for path in BASE.glob("*.yaml")} - {"kustomization.yaml"}

    assert files == set(read_yaml(BASE / "kustomization.yaml")["resources"])


def test_the_cluster_runs_every_program_of_the_demo():
    """A queue of two masters in the demo is one deployment of two pods."""
    demo = {program.name.removesuffix("-1").removesuffix("-2") for program in list_demo_programs(8000)} - {"metrics"}
    cluster = {key.removeprefix("worker-") for key in list_kubernetes_resources("Deployment")}

    assert cluster == {"sweeper" if program == "sweep" else program for program in demo}


def test_the_codes_queue_survives_a_killed_process():
    for queue in ("worker-codes", "worker-notices", "worker-bulk"):
        assert list_kubernetes_resources("Deployment")[queue]["spec"]["replicas"] >= 2


def test_the_web_server_has_liveness_and_readiness_probes():
    (web,) = list_pod_specs()["web"]["containers"]

    assert web["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_containers_run_without_privileges():
    for pod in list_pod_specs().values():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
    for container in list_pod_containers():
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"] is True
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


def test_manifests_contain_no_secrets():
    text = "".join(path.read_text() for path in ROOT.rglob("*") if path.is_file())

    assert "kind: Secret" not in text
    for secret in (
        "SECRET_KEY=",
        "API_KEY=",
        "AUTH_TOKEN=",
        "LOGIN_CODE_KEYS=",
        "DIGEST_KEYS=",
        "DATABASE_URL=",
        "SMTP_URL=",
    ):
        assert secret not in text


def test_every_setting_in_the_manifests_exists():
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE))
    lines = (BASE / "settings.env").read_text().splitlines()
    named = {line.partition("=")[0] for line in lines if not line.startswith("#")} - {"DJANGO_SETTINGS_MODULE"}
    for overlay in OVERLAYS:
        (generator,) = read_yaml(overlay / "kustomization.yaml")["configMapGenerator"]
        named |= {literal.partition("=")[0] for literal in generator["literals"]}

    assert named <= explained


@pytest.mark.parametrize("kind", ["PodDisruptionBudget", "ScaledObject", "HorizontalPodAutoscaler"])
def test_every_policy_and_scaler_targets_a_deployment(kind):
    guarded = list_kubernetes_resources(kind)

    assert guarded
    assert set(guarded) <= set(list_kubernetes_resources("Deployment"))
    for doc in guarded.values():
        target = doc["spec"].get("scaleTargetRef") or doc["spec"]["selector"]["matchLabels"]
        assert target.get("name", target.get("app.kubernetes.io/name")) == get_resource_name(doc)


def test_workers_scale_on_pending_rows_that_are_due(acme):
    now = timezone.now() - timedelta(minutes=1)
    queries = [
        doc["spec"]["triggers"][0]["metadata"]["query"] for doc in list_kubernetes_resources("ScaledObject").values()
    ]
    for queue in Queue:
        for due_at, completed_at in ((now, None), (now + timedelta(hours=1), None), (now, now)):
            Delivery.objects.create(
                business=acme,
                message_id=uuid.uuid4(),
                queue=queue,
                channel=Channel.EMAIL,
                state=DeliveryState.UNCLEAR,
                created_at=now,
                due_at=due_at,
                deadline_at=now,
                completed_at=completed_at,
            )

    with connection.cursor() as cursor:
        counts = [cursor.execute(query).fetchone() for query in queries]
    assert counts == [(1,)] * 3
    assert {re.search(r"queue = '(\w+)'", query)[1] for query in queries} == set(Queue.values)


def test_network_policies_admit_named_traffic_only():
    nothing = list_kubernetes_resources("NetworkPolicy")["nothing"]["spec"]

    assert nothing["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in nothing
    assert "egress" not in nothing
