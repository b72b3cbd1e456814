using System.Diagnostics;

namespace Amnre.EndToEnd.Tests.Documents;

public sealed class PythonPageTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>docs/python.md from top to bottom: its files written, its commands run, in the order of the page.</summary>
    [Fact]
    public async Task The_page_on_python_does_what_it_says()
    {
        Assert.SkipUnless(Has("h5py, numpy"), $"no {Python} with h5py (Debian: python3-h5py)");
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study("");
        var shell = new DocumentShell(study.Folder);
        var (_, printed) = await DocumentPage.DoAsync("python.md", study.Folder,
            text => !text.Contains("ratio.py", StringComparison.Ordinal) || Has("torch"));

        Assert.Contains("Draws(a, b; 1 observations of 4000 draws)", printed, StringComparison.Ordinal);

        // Tables say the same, and rows of one function are the same however they are cut; those of a shared generator are found out.
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "laws.py"),
            """
            import numpy as np
            import amnre

            whole, table = amnre.read_draws("observed_posterior.h5"), amnre.read_draws("table.csv")
            assert whole.names == table.names and (whole.values == table.values).all()
            theta, seeds = np.random.default_rng(0).random((40, 2)), np.arange(40)

            @amnre.simulator
            def rows(theta, random):
                return theta + random.normal(size=2)

            @amnre.simulator(vectorised=True)
            def shared(theta, seeds):
                return theta + np.random.default_rng(int(seeds[0])).normal(size=theta.shape)

            rows.check(theta, seeds)
            try:
                shared.check(theta, seeds)
            except ValueError as refused:
                assert "reproducible: false" in str(refused)
            else:
                raise AssertionError("a shared generator passed")
            z = amnre.normals(np.arange(100_000), 3)
            assert abs(z.mean()) < 0.01 and abs(z.std() - 1) < 0.01 and abs(np.corrcoef(z.T) - np.eye(3)).max() < 0.02
            """, stop);
        await shell.RunAsync($"amnre infer line.pth observed.csv --figures 0 -o table.csv && {Python} laws.py");
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "frames.py"),
            """
            import amnre

            draws = amnre.read_draws("observed_posterior.h5")
            draws.to_netcdf("draws.nc")
            draws.to_zarr("draws.zarr")
            try:
                import h5netcdf, pandas, xarray
            except ImportError:
                raise SystemExit  # Debian: python3-pandas python3-xarray python3-h5netcdf
            table = draws.to_dataframe()
            assert table.shape == (4000, 2) and list(table.columns) == ["a", "b"] and (table.loc[0]["b"].values == draws["b"][0]).all()
            opened = xarray.open_dataset("draws.nc", group="posterior", engine="h5netcdf")
            assert opened["a"].dims == ("chain", "draw") and (opened["a"].values == draws["a"]).all()
            slashed = amnre.Draws(["k, 1/s", "a"], draws.values[:, :50], draws.observations)
            slashed.to_netcdf("slashed.nc")
            opened = xarray.open_dataset("slashed.nc", group="posterior", engine="h5netcdf")
            assert (opened["k, 1∕s"].values == slashed["k, 1/s"]).all() and opened["k, 1∕s"].long_name == "k, 1/s"
            try:
                import zarr
            except ImportError:
                raise SystemExit  # Debian: python3-zarr
            assert zarr.open_group("draws.zarr", "r")["posterior/b"].shape == (1, 4000)
            for consolidated in (True, False):
                opened = xarray.open_zarr("draws.zarr", group="posterior", consolidated=consolidated)
                assert opened["a"].dims == ("chain", "draw") and (opened["a"].values == draws["a"]).all()
                assert list(opened) == ["a", "b"] and (opened["draw"].values == range(4000)).all()
            slashed.to_zarr("draws.zarr")  # Over the one before.
            opened = xarray.open_zarr("draws.zarr", group="posterior")
            assert set(opened) == {"k, 1∕s", "a"} and opened["k, 1∕s"].attrs["long_name"] == "k, 1/s" and opened.sizes["draw"] == 50
            """, stop);
        await shell.RunAsync($"{Python} frames.py");
        // A model moves with the manifest beside it, under another name too; without it, it says what is missing.
        await shell.RunAsync(
            """
            mkdir moved elsewhere && cp line.* amnre.py observed.csv moved && mv line.yaml elsewhere && cd moved
            amnre infer line.pth observed.csv --figures 0 && mv line.yaml other.yaml && amnre infer line.pth observed.csv --figures 0
            amnre eval line.pth ../train.h5 -masks =1 -bins 8 -clean --draws 20 --draws-output d.csv -o e.csv
            head -1 d.csv | grep -x index,mask,draw,a,b
            rm other.yaml && ! amnre infer line.pth observed.csv 2>refused && grep 'put its file beside the model, or name it with --simulator' refused
            cp line.py amnre.py ../elsewhere
            amnre eval line.pth ../train.h5 --simulator ../elsewhere/line.yaml -masks =1 -bins 8 -clean -o e.csv
            mv ../elsewhere/line.yaml ..
            """);
        // Batches of another size, and a function that prints.
        await shell.RunAsync(
            """
            sed -i 's/^    a, b = /    print("hello")\n    a, b = /' line.py && echo 'batch: 7' >> line.yaml
            amnre sample -simulator ./line.yaml -seed 1 -samples 16384 -o again.h5
            /usr/bin/python3 -c "
            import h5py
            a, b = h5py.File('train.h5'), h5py.File('again.h5')
            assert (a['x'][:] == b['x'][:]).all() and (a['theta'][:] == b['theta'][:]).all()"
            """);
    }

    private static bool Has(string modules)
    {
        if (!File.Exists(Python)) return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {modules}"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
