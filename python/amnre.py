"""Amnre from Python: write simulators, read draws, evaluate a trained ratio, ask a scheduler.

One file: put it on PYTHONPATH (`export PYTHONPATH=$(dirname $(amnre python --path))`) or copy it. It needs numpy; h5py for files in HDF5, torch for
`Ratio`, pandas and ArviZ for the methods named after them.

    import amnre

    @amnre.simulator
    def noisy(theta, random):              # one row: parameters and a numpy generator of its own
        return theta + random.normal(size=2)

    if __name__ == "__main__":
        noisy.serve()                      # the program of a manifest with `protocol: frames`
"""

import csv
import json
import os
import shutil
import struct
import sys
import urllib.error
import urllib.parse
import urllib.request

import numpy as np

__all__ = ["simulator", "uniforms", "normals", "Draws", "read_draws", "Ratio", "Client", "ClientError"]


# Simulators

_REQUEST, _REPLY = struct.Struct("<4sIQIIQQ"), struct.Struct("<4sIQII")


class Simulator:
    """A function that simulates, with the loop that answers Amnre. Made by `simulator`."""

    def __init__(self, function, vectorised):
        self.function, self.vectorised, self._likelihood = function, vectorised, None
        self.__doc__, self.__name__ = function.__doc__, getattr(function, "__name__", "simulator")

    def __call__(self, *arguments):
        return self.function(*arguments)

    def rows(self, theta, seeds):
        """Observations (n, ...), float32, of parameters (n, D) and the seeds of their rows (n)."""
        theta = np.asarray(theta, dtype=np.float64)
        if self.vectorised:
            x = np.asarray(self.function(theta, np.asarray(seeds, dtype=np.uint64)))
        else:
            x = np.array([self.function(row, np.random.default_rng(int(seed))) for row, seed in zip(theta, seeds)])
        if len(x) != len(theta):
            raise ValueError(f"{self.__name__} gave {len(x)} observations for {len(theta)} rows of parameters")
        return np.ascontiguousarray(x, dtype="<f4")

    def likelihood(self, function=None, *, vectorised=False):
        """Gives the simulator a likelihood, for `likelihood: true` in its manifest.

        `@model.likelihood`: function(theta (D), x) gives log p(x | theta), a number; -inf where x is impossible.

        `@model.likelihood(vectorised=True)`: function(theta (n, D), x) gives n of them.

        x is one observation, its values in a row, float64. A factor in x alone may be left out.
        """
        if function is None:
            return lambda later: self.likelihood(later, vectorised=vectorised)
        if not vectorised:
            row, function = function, lambda theta, x: [row(one, x) for one in theta]
        self._likelihood = function
        return self

    def log_likelihoods(self, theta, x):
        """log p(x | theta) of parameters (n, D) for one observation, (n) float64."""
        if self._likelihood is None:
            raise ValueError(
                f"{self.__name__} has no likelihood: decorate one with @{self.__name__}.likelihood, or write 'likelihood: false' in the manifest"
            )
        theta = np.asarray(theta, dtype=np.float64)
        values = np.asarray(self._likelihood(theta, np.asarray(x, dtype=np.float64)), dtype="<f8")
        if values.shape != (len(theta),):
            raise ValueError(
                f"the likelihood of {self.__name__} gave shape {values.shape} for {len(theta)} rows of parameters: give one number for each"
            )
        return np.ascontiguousarray(values)

    def serve(self):
        """Answers batches from standard input until its end. What the function prints goes to standard error: standard output
        belongs to the replies."""
        requests, replies = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        sys.stdout.flush()
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        while head := _exactly(requests, _REQUEST.size, or_end=True):
            magic, version, batch, n, d, observed, _ = _REQUEST.unpack(head)
            if magic not in (b"AMRQ", b"AMRL") or version != 1:
                raise ValueError(f"not a request of version 1: {magic!r}, {version}")
            if magic == b"AMRL":
                theta = np.frombuffer(_exactly(requests, 4 * n * d), "<f4").reshape(n, d)
                values = self.log_likelihoods(theta, np.frombuffer(_exactly(requests, 4 * observed), "<f4"))
                replies.write(_REPLY.pack(b"AMRP", 1, batch, n, 2) + values.tobytes())
                replies.flush()
                continue
            seeds = np.frombuffer(_exactly(requests, 8 * n), "<u8")
            theta = np.frombuffer(_exactly(requests, 4 * n * d), "<f4").reshape(n, d)
            x = self.rows(theta, seeds)
            replies.write(_REPLY.pack(b"AMRP", 1, batch, n, x[0].size) + x.tobytes())
            replies.flush()

    def check(self, theta, seeds):
        """Whether each row is a function of its own parameters and seed alone, as `reproducible: true` in the manifest promises: raises
        when rows that are simulated alone, or in another order, differ from those of the whole batch."""
        whole = self.rows(theta, seeds)
        backwards = self.rows(np.asarray(theta)[::-1], np.asarray(seeds)[::-1])[::-1]
        for row in range(len(whole)):
            alone = self.rows(np.asarray(theta)[row : row + 1], np.asarray(seeds)[row : row + 1])[0]
            if whole[row].tobytes() != alone.tobytes() or whole[row].tobytes() != backwards[row].tobytes():
                raise ValueError(
                    f"row {row} depends on the rows beside it: draw its noise from its own seed alone (amnre.normals, amnre.uniforms), or "
                    "write 'reproducible: false' in the manifest"
                )


def simulator(function=None, *, vectorised=False):
    """Makes a simulator of a function.

    `@simulator`: function(theta (D), random) gives one observation; `random` is a fresh numpy generator from the row's own seed, so that a
    row comes out the same in any batch, shard and worker.

    `@simulator(vectorised=True)`: function(theta (n, D), seeds (n) uint64) gives n observations. They come out the same only if noise is a
    function of each row's seed: take it from `uniforms(seeds, k)` or `normals(seeds, k)`. One generator for the whole batch makes rows
    depend on where batches are cut; the manifest must say `reproducible: false` then. `check` finds out.
    """
    return (lambda later: Simulator(later, vectorised)) if function is None else Simulator(function, vectorised)


def uniforms(seeds, count):
    """Random numbers in (0, 1), (n, count) float64, each a function of its row's seed and its place: SplitMix64 (Steele, Lea and Flood
    2014) as a hash of both."""
    seeds = np.asarray(seeds, dtype=np.uint64)[:, None]
    with np.errstate(over="ignore"):
        z = _mixed(seeds) + (np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))[None, :]
        z = _mixed(z)
    return ((z >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normals(seeds, count):
    """Standard normal numbers, (n, count) float64, each a function of its row's seed and its place: Box and Muller (1958)."""
    u = uniforms(seeds, 2 * count)
    return np.sqrt(-2 * np.log(u[:, :count])) * np.cos(2 * np.pi * u[:, count:])


def _mixed(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _exactly(stream, size, or_end=False):
    data = b""
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            if or_end and not data:
                return b""
            raise EOFError(f"the request ended after {len(data)} of {size} bytes")
        data += part
    return data


# Draws


class Draws:
    """Posterior draws of several observations.

    names: of the parameters; values: (observations, draws, parameters) float32; observations: their places in the file that was asked about.
    """

    def __init__(self, names, values, observations):
        self.names, self.values, self.observations = list(names), np.asarray(values), list(observations)

    def __getitem__(self, name):
        """Draws of one parameter, (observations, draws)."""
        return self.values[:, :, self.names.index(name)]

    def to_dict(self):
        return {name: self[name] for name in self.names}

    def to_dataframe(self):
        """A pandas.DataFrame with a row for each draw, indexed by observation and draw."""
        import pandas

        index = pandas.MultiIndex.from_product([self.observations, range(self.values.shape[1])], names=["observation", "draw"])
        return pandas.DataFrame(self.values.reshape(-1, len(self.names)), index=index, columns=self.names)

    def to_arviz(self, observation=None):
        """What arviz.from_dict makes of one observation's draws (the first by default), as one chain. Works with ArviZ 0.x and 1.x."""
        import arviz

        place = 0 if observation is None else self.observations.index(observation)
        posterior = {name: self.values[place : place + 1, :, k] for k, name in enumerate(self.names)}
        try:
            return arviz.from_dict({"posterior": posterior})
        except (TypeError, ValueError):  # Before 1.0 groups were keywords.
            return arviz.from_dict(posterior=posterior)

    def to_netcdf(self, path, observation=None):
        """Writes one observation's draws (the first by default) as netCDF: a group `posterior` with dimensions chain and draw, which
        arviz.from_netcdf and xarray.open_dataset(path, group="posterior") open, both with h5netcdf. Needs h5py alone."""
        import h5py

        place = 0 if observation is None else self.observations.index(observation)
        with h5py.File(path, "w") as file:
            group = file.create_group("posterior")
            scales = []
            for name, size in (("chain", 1), ("draw", self.values.shape[1])):
                scale = group.create_dataset(name, data=np.arange(size))
                scale.make_scale(name)
                scales.append(scale)
            for k, name in enumerate(self.names):
                values = group.create_dataset(_variable(name), data=self.values[place : place + 1, :, k])
                values.attrs["long_name"] = name
                for dimension, scale in zip(values.dims, scales):
                    dimension.attach_scale(scale)

    def to_zarr(self, path, observation=None):
        """Writes one observation's draws (the first by default) as a Zarr store of format 2, a folder, in place of one that is there: a group
        `posterior` with dimensions chain and draw, which arviz.from_zarr and xarray.open_zarr(path, group="posterior") open. Needs NumPy alone."""
        place = 0 if observation is None else self.observations.index(observation)
        arrays = {"chain": (["chain"], np.arange(1), {}), "draw": (["draw"], np.arange(self.values.shape[1]), {})}
        for k, name in enumerate(self.names):
            arrays[_variable(name)] = ["chain", "draw"], self.values[place : place + 1, :, k], {"long_name": name}
        texts = {".zgroup": {"zarr_format": 2}, "posterior/.zgroup": {"zarr_format": 2}}
        path = os.fspath(path)
        if os.path.isdir(path):
            if os.listdir(path) and not os.path.exists(os.path.join(path, ".zgroup")):
                raise FileExistsError(f"'{path}' is a folder, and no Zarr store: name another")
            shutil.rmtree(path)
        for name, (dimensions, values, attributes) in arrays.items():
            values = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
            texts[f"posterior/{name}/.zarray"] = {
                "zarr_format": 2, "shape": values.shape, "chunks": values.shape, "dtype": values.dtype.str, "compressor": None,
                "fill_value": None, "order": "C", "filters": None}
            texts[f"posterior/{name}/.zattrs"] = {"_ARRAY_DIMENSIONS": dimensions, **attributes}
            os.makedirs(os.path.join(path, "posterior", name))
            with open(os.path.join(path, "posterior", name, ".".join(["0"] * values.ndim)), "wb") as file:
                file.write(values.tobytes())
        for name, text in {**texts, ".zmetadata": {"zarr_consolidated_format": 1, "metadata": texts}}.items():
            with open(os.path.join(path, name), "w", encoding="utf-8") as file:
                json.dump(text, file)

    def __repr__(self):
        return f"Draws({', '.join(self.names)}; {self.values.shape[0]} observations of {self.values.shape[1]} draws)"


def _variable(name):
    """What a variable is called in files where a slash opens a group; its long_name is the parameter's own."""
    return name.replace("/", "\N{DIVISION SLASH}")


def read_draws(path, mask=None):
    """Draws that `amnre infer` or `amnre eval --draws` wrote, .h5 or .csv.

    mask: which of several subsets of the parameters, such as "11000"; only files of eval have more than one.
    """
    return _draws_of_table(path, mask) if os.fspath(path).endswith(".csv") else _draws_of_hdf5(path, mask)


def _draws_of_hdf5(path, mask):
    import h5py

    with h5py.File(path) as file:
        if "draws" in file:
            data = file["draws"]
            names = [name.decode() if isinstance(name, bytes) else str(name) for name in data.attrs["parameters"]]
            if mask is not None and mask.count("1") != len(names):
                raise KeyError(f"'{path}' holds draws of {', '.join(names)} together, not of mask {mask}: leave mask out")
            return Draws(names, data[:], [int(place) for place in file["observation"][:]])
        masks = [name for name in file if set(name) <= {"0", "1"}]
        mask = _only(path, masks, mask)
        labels = file[mask].attrs.get("parameters")
        names = _places(mask) if labels is None else [name.decode() if isinstance(name, bytes) else str(name) for name in labels]
        return Draws(names, file[mask][:], [int(row) for row in file["index"][:]])


def _draws_of_table(path, mask):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    if header[:2] == ["observation", "draw"]:
        names, first, key = header[2:], 2, 0
    else:
        mask = _only(path, sorted({row[1] for row in rows}), mask)
        rows, first, key = [row for row in rows if row[1] == mask], 3, 0
        names = [name for name, bit in zip(header[3:], mask) if bit == "1"]
    places = [k for k, name in enumerate(header) if k >= first and name in names]
    observations = list(dict.fromkeys(int(row[key]) for row in rows))
    values = np.array([[float(row[k]) for k in places] for row in rows], dtype=np.float32)
    return Draws(names, values.reshape(len(observations), -1, len(names)), observations)


def _only(path, masks, mask):
    if mask is None and len(masks) == 1:
        return masks[0]
    if mask not in masks:
        raise KeyError(f"'{path}' holds draws of {', '.join(masks) or 'no subset'}: name one as mask")
    return mask


def _places(mask):
    return [f"theta_{k}" for k, bit in enumerate(mask) if bit == "1"]


# Trained ratios


class Ratio:
    """log r(theta, x) = log p(theta | x) / p(theta) of any subset that a trained NRE, MNRE or AMNRE knows, as a function of torch tensors with gradients.

        ratio = amnre.Ratio("slcp-amnre.pth")
        log_r = ratio(theta, x, mask="11000")   # theta (n, 2), x (n, ...) or one observation as measured
    """

    def __init__(self, pth):
        import torch

        self.torch = torch
        with open(os.path.splitext(os.fspath(pth))[0] + ".json", encoding="utf-8") as file:
            self.settings = json.load(file)
        if self.settings.get("flow") or self.settings.get("hyper"):
            raise NotImplementedError(f"'{pth}' is {'a flow' if self.settings.get('flow') else 'an AMNRE with a network of weights'}: "
                                      "Ratio knows NRE, MNRE and AMNRE without one")
        embedding = self.settings.get("embedding") or {}
        unknown = ("trials" if self.settings.get("trials") else "missing parts" if embedding.get("missing")
                   else embedding.get("arch", "MLP"))
        if unknown not in ("MLP", "ResNet"):
            raise NotImplementedError(f"'{pth}' has {unknown}, which Ratio does not know: draw with `amnre infer`")
        self.state = torch.load(pth, map_location="cpu", weights_only=True)
        record = self.settings.get("trained_on") or {}
        if record.get("standardized") and "mu" not in record:
            raise NotImplementedError(f"'{pth}' was trained on x standardised by more numbers than its settings carry")
        self.moments = tuple(torch.tensor(record[key]) for key in ("mu", "sigma")) if record.get("standardized") else None
        self.arbitrary = bool(self.settings.get("arbitrary"))
        listed = self.state.get("masks")
        self.masks = None if listed is None else ["".join("1" if bit else "0" for bit in row) for row in listed.tolist()]

    def __call__(self, theta, x, mask=None):
        """log r, (n). mask: which parameters theta holds, such as "11000" or a list of numbers; all of them by default."""
        torch = self.torch
        theta = torch.as_tensor(theta, dtype=torch.float32)
        if theta.dim() != 2:
            raise ValueError(f"theta has the shape {tuple(theta.shape)}: give (n, parameters)")
        x = torch.as_tensor(np.asarray(x) if not torch.is_tensor(x) else x, dtype=torch.float32)
        n = theta.shape[0]
        x = x.reshape(n, -1) if x.dim() > 1 and x.shape[0] == n else x.reshape(1, -1)
        if not bool(torch.isfinite(x).all()):
            raise ValueError("x holds a value that is not finite, of which no ratio is known")
        if self.moments is not None:
            mu, sigma = self.moments
            if x.shape[1] != len(mu):
                raise ValueError(f"x has {x.shape[1]} values, and an observation has {len(mu)}")
            x = (x - mu) * (1 / sigma)
        y = self._network("embedding.1.", self.settings["embedding"], x) if self.settings.get("embedding") else x
        y = y.expand(n, -1)
        if self.masks is not None:
            mask = self._text(mask, len(self.masks[0]))
            if mask not in self.masks:
                raise KeyError(f"the model knows the subsets {', '.join(self.masks)}, not {mask}")
            self._fits(theta, mask)
            return self._ratio(f"nes.{self.masks.index(mask)}.", theta, y)
        size = len(self.state["standardize.mu"])
        mask = self._text(mask, size)
        if len(mask) != size or set(mask) - {"0", "1"} or "1" not in mask:
            raise KeyError(f"mask '{mask}' does not say which of {size} parameters theta holds: write {size} characters, 1 for those "
                           "that it holds")
        self._fits(theta, mask)
        if not self.arbitrary:
            if "0" in mask:
                raise KeyError("the model knows all parameters together only")
            return self._ratio("", theta, y)
        places = [k for k, bit in enumerate(mask) if bit == "1"]
        whole = torch.zeros(n, size).index_copy(1, torch.tensor(places), theta)
        bits = torch.tensor([float(bit) for bit in mask])
        inputs = torch.cat([self._standardised("", whole) * bits, (2 * bits - 1).expand(n, -1), y], 1)
        return self._network("net.net.", self.settings["model"], inputs).squeeze(1)

    @staticmethod
    def _fits(theta, mask):
        if theta.shape[1] != mask.count("1"):
            raise ValueError(f"theta has {theta.shape[1]} columns, and mask {mask} has {mask.count('1')} parameters")

    def _ratio(self, prefix, theta, y):
        inputs = self.torch.cat([self._standardised(prefix, theta), y], 1)
        return self._network(prefix + "net.", self.settings["model"], inputs).squeeze(1)

    def _standardised(self, prefix, theta):
        logarithmic = self.state.get(prefix + "standardize.logarithms.columns")
        if logarithmic is not None:
            theta = self.torch.where(logarithmic, theta.clamp_min(1e-37).log(), theta)
        return (theta - self.state[prefix + "standardize.mu"]) * self.state[prefix + "standardize.isigma"]

    @staticmethod
    def _text(mask, size):
        if mask is None:
            return "1" * size
        return mask if isinstance(mask, str) else "".join("1" if k in mask else "0" for k in range(size))

    def _network(self, prefix, keywords, x):
        """Layers in order: those with tensors by their numbers, and an activation where a number has none."""
        if keywords.get("arch", "MLP") == "ResNet":
            blocks = keywords.get("num_blocks", 3)
            x = self._linear(f"{prefix}0.", x)
            for block in range(1, blocks + 1):
                x = x + self._layers(f"{prefix}{block}.", keywords, x, first=True)
            return self._linear(f"{prefix}{blocks + 1}.", x)
        return self._layers(prefix, keywords, x, first=False)

    def _layers(self, prefix, keywords, x, first):
        place = 0
        if not first:
            x, place = self._linear(f"{prefix}0.", x), 1
        x, place = self._activated(prefix, place, keywords, x)
        for _ in range(keywords.get("num_layers", 1)):
            place += keywords.get("dropout", 0) > 0
            x = self._linear(f"{prefix}{place}.", x)
            x, place = self._activated(prefix, place + 1, keywords, x)
        return self._linear(f"{prefix}{place}.", x)

    def _activated(self, prefix, place, keywords, x):
        f, state = self.torch.nn.functional, self.state
        kind = keywords.get("normalization")
        if kind in ("batch", "layer", "group"):
            at = f"{prefix}{place}."
            weight, bias = state[at + "weight"], state[at + "bias"]
            if kind == "batch":
                x = f.batch_norm(x, state[at + "running_mean"], state[at + "running_var"], weight, bias)
            elif kind == "layer":
                x = f.layer_norm(x, x.shape[1:], weight, bias)
            else:
                x = f.group_norm(x, max(g for g in range(1, min(32, x.shape[1]) + 1) if x.shape[1] % g == 0), weight, bias)
            place += 1
        name = keywords.get("activation", "ReLU")
        x = f.prelu(x, state[f"{prefix}{place}.weight"]) if name == "PReLU" else getattr(f, name.lower())(x)
        return x, place + 1

    def _linear(self, at, x):
        return self.torch.nn.functional.linear(x, self.state[at + "weight"], self.state.get(at + "bias"))


# Schedulers


class ClientError(Exception):
    """What the scheduler refused, in its words; `status` is the HTTP code."""

    def __init__(self, status, detail):
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


class Client:
    """The HTTP API of a scheduler (docs/api.md): every GET by its path, and actions.

        client = amnre.Client("http://node17:8080", token_file="~/.amnre-token")
        client.get("experiments"); client.act("pause", "sweep-*")
    """

    def __init__(self, url=None, token=None, token_file=None):
        """By default AMNRE_URL and AMNRE_TOKEN or AMNRE_TOKEN_FILE. Nothing is sent through a proxy."""
        url = url or os.environ.get("AMNRE_URL")
        if not url:
            raise ValueError("say where the scheduler is: Client(url), or AMNRE_URL")
        token_file = token_file or (None if token else os.environ.get("AMNRE_TOKEN_FILE"))
        if token_file:
            with open(os.path.expanduser(token_file), encoding="utf-8") as file:
                token = file.read().strip()
        self.url, self._token = url.rstrip("/"), token or os.environ.get("AMNRE_TOKEN")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def get(self, path, **query):
        """The answer of GET /api/`path`, from JSON: get("events", after=17)."""
        query = urllib.parse.urlencode({key: value for key, value in query.items() if value is not None})
        return json.loads(self._open(f"/api/{path}" + (f"?{query}" if query else "")))

    def experiments(self):
        return self.get("experiments")

    def experiment(self, name):
        """The newest version of an experiment, with its jobs."""
        found = [one for one in self.experiments() if one["name"] == name]
        if not found:
            raise KeyError(f"the scheduler knows no experiment '{name}'")
        return self.get(f"experiments/{max(one['id'] for one in found)}")

    def download(self, job, name):
        """The bytes of a published file of a job, by the job's number."""
        return self._open(f"/api/jobs/{job}/files/{urllib.parse.quote(name)}")

    def act(self, kind, what, **options):
        """cancel, pause, resume, prioritize, retry, rerun or drain (`kind`) what a selection says; `options` as in docs/api.md."""
        return json.loads(self._open("/api/actions", {"kind": kind, "what": what, **options}))

    def _open(self, path, body=None):
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        if data:
            headers["Content-Type"] = "application/json"
        try:
            with self._opener.open(urllib.request.Request(self.url + path, data, headers), timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as refused:
            text = refused.read().decode("utf-8", "replace")
            try:
                detail = json.loads(text).get("detail") or text
            except ValueError:
                detail = text
            raise ClientError(refused.code, detail or refused.reason) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that was named and nowhere else."""

    def redirect_request(self, *_):
        return None
