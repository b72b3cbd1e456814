using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.Fuzz.Tests;

/// <summary>Every file of the source that reads what others may have written is here, with the targets that give it damaged inputs or,
/// after a dash, the reason why none does. A new reader is written down here, or this fails.</summary>
public sealed partial class ReaderTests
{
    private static readonly Dictionary<string, string> Readers = new(StringComparer.Ordinal)
    {
        ["Amnre.Cli/Diagnosis/MachineChecks.cs"] = "- shows the first line that a tool prints",
        ["Amnre.Cli/Diagnosis/StoreChecks.cs"] = "- a file that it has just written",
        ["Amnre.Cli/Local/OpenFiles.cs"] = "- limits that the kernel states",
        ["Amnre.Cli/Studies/OwnTokens.cs"] = "- paths that this user wrote, tried one by one",
        ["Amnre.Cli/Studies/RememberedNames.cs"] = "- names in a cache of this user's own, shown as text",
        ["Amnre.Cli/Studies/RemoteStudy.cs"] = "remote-address answer-report answer-log answer-submitted answer-experiment",
        ["Amnre.Cli/Original/EvalVerb.cs"] = "- a table that it has just written",
        ["Amnre.Engine/Fields/GivenForm.cs"] = "given",
        ["Amnre.Engine/Fields/PlainForms.cs"] = "train-command",
        ["Amnre.Engine/Settings/SettingName.cs"] = "forged-plan",
        ["Amnre.Cli/Original/TrainVerb.cs"] = "- a number, or drawn anew",
        ["Amnre.Cli/PlanVerb.cs"] = "- settings that the planner has just made",
        ["Amnre.Cli/Inference/VerdictVerb.cs"] = "- the verdict that it has just written",
        ["Amnre.Cli/Tables/ResultTable.cs"] = "forged-plan",
        ["Amnre.Engine/Tables/HistoryFile.cs"] = "statistics",
        ["Amnre.Engine/Checkpoints/ModelFile.cs"] = "model-settings",
        ["Amnre.Engine/Checkpoints/SafetensorsFile.cs"] = "safetensors safetensors-header checkpoint",
        ["Amnre.Engine/Checkpoints/TorchArchive.cs"] = "weights histogram pickle packed-pickle packed-histogram",
        ["Amnre.Engine/Datasets/ReferenceMoments.cs"] = "samples",
        ["Amnre.Engine/SampleFiles/SampleFile.cs"] = "samples",
        ["Amnre.Engine/SampleFiles/SampleSet.cs"] = "samples samples-pattern",
        ["Amnre.Engine/Datasets/ShardGathering.cs"] = "samples",
        ["Amnre.Engine/Benchmarks/BenchmarkCell.cs"] = "evaluation-table",
        ["Amnre.Engine/Benchmarks/ReferenceSamples.cs"] = "reference-samples packed-samples",
        ["Amnre.Engine/Draws/DrawsFile.cs"] = "draws",
        ["Amnre.Engine/Draws/ReferenceDraws.cs"] = "draws",
        ["Amnre.Engine/Evaluation/EvaluationRow.cs"] = "evaluation-table",
        ["Amnre.Engine/Evaluation/EvaluationSummary.cs"] = "- a summary that it has just written",
        ["Amnre.Engine/Evaluation/ExpectedCoverage.cs"] = "coverage-table",
        ["Amnre.Engine/Figures/CalibrationFigure.cs"] = "figure-calibration",
        ["Amnre.Engine/Figures/CoverageFigure.cs"] = "figure-coverage",
        ["Amnre.Engine/Figures/InformationMap.cs"] = "figure-information",
        ["Amnre.Engine/Figures/PredictiveRow.cs"] = "figure-predictive",
        ["Amnre.Engine/Figures/RankBins.cs"] = "figure-ranks",
        ["Amnre.Engine/CornerPlots/CornerDescription.cs"] = "plot-description description",
        ["Amnre.Engine/Tables/CsvTable.cs"] = "evaluation-table",
        ["Amnre.Engine/Figures/EvaluationSeries.cs"] = "figure-error",
        ["Amnre.Engine/Figures/RocFigure.cs"] = "figure-roc",
        ["Amnre.Engine/ReducedBases/NumpyComplex.cs"] = "basis",
        ["Amnre.Engine/Detectors/PackValues.cs"] = "strain-hdf5 basis-hdf5 wave-pack",
        ["Amnre.Engine/Detectors/SeriesFile.cs"] = "strain-text spectrum",
        ["Amnre.Engine/GravitationalWaves/WavePack.cs"] = "wave-pack",
        ["Amnre.Engine/Hdf5/Hdf5File.cs"] = "samples draws wave-pack strain-hdf5 basis-hdf5 figure-roc",
        ["Amnre.Engine/Native/BridgeCopy.cs"] = "- a library of this very program",
        ["Amnre.Engine/Native/LoadedLibraries.cs"] = "- the kernel's list of what this process has loaded",
        ["Amnre.Engine/Native/TorchVersion.cs"] = "- one line of an installed PyTorch, found by its form",
        ["Amnre.Engine/Networks/KeywordReader.cs"] = "model-settings train-settings",
        ["Amnre.Engine/Imports/FileContent.cs"] = "- only the digest of what it reads",
        ["Amnre.Engine/Declarations/DeclaredSimulator.cs"] = "declaration",
        ["Amnre.Engine/Simulators/SimulatorReference.cs"] = "declaration",
        ["Amnre.Engine/Observations/ArraySource.cs"] =
            "observation-table observation-list observation-numpy observation-archive observation-hdf5",
        ["Amnre.Engine/PlainFile.cs"] = "- whoever asks it for a file stands here",
        ["Amnre.Engine/Observations/EventObservations.cs"] = "events",
        ["Amnre.Engine/Programs/Hdf5Program.cs"] = "samples",
        ["Amnre.Engine/Programs/ManifestDigest.cs"] = "- only the digest of what it reads",
        ["Amnre.Engine/Programs/ManifestFields.cs"] = "manifest",
        ["Amnre.Engine/Processes/ProgramMark.cs"] = "- environments of processes, in which it looks for a mark of its own",
        ["Amnre.Engine/Programs/ProgramProcess.cs"] = "frames program-words",
        ["Amnre.Engine/Verdicts/VerdictReport.cs"] = "verdict-report",
        ["Amnre.Engine/Searches/DecisionFile.cs"] = "decision",
        ["Amnre.Engine/StrictJson.cs"] = "model-settings description train-command",
        ["Amnre.Engine/Training/CheckpointFolder.cs"] = "checkpoint",
        ["Amnre.Engine/Training/InputDigests.cs"] = "- bytes hashed, not read",
        ["Amnre.Engine/Training/TrainingCheckpoint.cs"] = "checkpoint-state",
        ["Amnre.Engine/Training/TrainingIdentity.cs"] = "checkpoint-state",
        ["Amnre.Jobs/Allocations/PoolSettings.cs"] = "pool-settings",
        ["Amnre.Jobs/Artifacts/ArtifactStore.cs"] = "- only the digest of what it reads",
        ["Amnre.Jobs/Artifacts/FileDigests.cs"] = "- only the digest of what it reads",
        ["Amnre.Jobs/Artifacts/StoreIdentity.cs"] = "store-identity",
        ["Amnre.Jobs/Workers/GpuReading.cs"] = "gpu-readings",
        ["Amnre.Jobs/Ledger/LedgerText.cs"] = "progress outputs",
        ["Amnre.Jobs/Ownership/Owned.cs"] = "- the system's list of accounts",
        ["Amnre.Jobs/Ownership/SecretFile.cs"] = "bearer",
        ["Amnre.Jobs/Postgres/LockHolders.cs"] = "locks",
        ["Amnre.Jobs/Postgres/PidFile.cs"] = "- a file of a database of its own, closed to others",
        ["Amnre.Jobs/Postgres/PostgresBinaries.cs"] = "- the version that a server's own program prints",
        ["Amnre.Jobs/Postgres/PostgresCluster.cs"] = "- files of a database of its own, closed to others",
        ["Amnre.Jobs/Postgres/PrivatePostgres.cs"] = "- files of a database of its own, closed to others",
        ["Amnre.Jobs/Postgres/ServerAccount.cs"] = "- the system's list of accounts",
        ["Amnre.Jobs/Postgres/ServerFolder.cs"] = "- a name that this user wrote",
        ["Amnre.Jobs/Postgres/ServerHome.cs"] = "- a path that root wrote where only root may",
        ["Amnre.Jobs/Postgres/ServerProcesses.cs"] = "- the kernel's list of processes",
        ["Amnre.Jobs/Postgres/SocketFolder.cs"] = "- a path that is used only where it is private",
        ["Amnre.Jobs/Specs/CanonicalJson.cs"] = "train-settings sample-settings evaluate-settings",
        ["Amnre.Jobs/Specs/JobKey.cs"] = "- settings that it has just written",
        ["Amnre.Jobs/Submissions/SubmittedPlan.cs"] = "plan forged-plan",
        ["Amnre.Jobs/Specs/KeyDifference.cs"] = "forged-plan",
        ["Amnre.Jobs/Views/JobMetrics.cs"] = "summary-json last-epoch",
        ["Amnre.Jobs/Views/LogViews.cs"] = "- bytes shown as text",
        ["Amnre.Jobs/Views/TrainingModels.cs"] = "forged-plan",
        ["Amnre.Cli/Local/LocalCluster.cs"] = "- lines copied as they are",
        ["Amnre.Scheduler/Cluster/SlurmCluster.cs"] = "squeue sbatch scontrol",
        ["Amnre.Scheduler/Cluster/WorkerScript.cs"] = "- a script that it writes anew where it differs",
        ["Amnre.Scheduler/Api/ApiEndpoints.cs"] = "requests plan action",
        ["Amnre.Scheduler/ExperimentPages/JobFindings.cs"] = "verdict-report summary-json",
        ["Amnre.Scheduler/ExperimentPages/JobModel.cs"] = "requests",
        ["Amnre.Scheduler/Dashboard/LogTail.cs"] = "- bytes shown as text",
        ["Amnre.Experiments/Reading/ExperimentReader.cs"] = "experiment",
        ["Amnre.Experiments/Fields/FieldValues.cs"] = "experiment",
        ["Amnre.Scheduler/Runs/LossHistory.cs"] = "loss-history",
        ["Amnre.Scheduler/Runs/RunCatalog.cs"] = "summary-json last-epoch",
        ["Amnre.Scheduler/Runs/RunShapes.cs"] = "forged-plan",
        ["Amnre.Worker/Devices/GpuProbe.cs"] = "nvidia-smi",
        ["Amnre.Worker/Drain/SlurmAllocation.cs"] = "slurm-environment",
    };

    [Fact]
    public void Every_reader_has_a_target_or_a_reason_to_have_none()
    {
        var source = Path.Combine(Repository.Root, "src");
        var reading = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Reading().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(source, file)).Order(StringComparer.Ordinal);

        Assert.Equal(Readers.Keys.Order(StringComparer.Ordinal), reading);
    }

    [Fact]
    public void Every_target_that_a_reader_names_is_there()
    {
        var known = FuzzTests.Names().Select(row => row.Data).Append("requests").ToHashSet(StringComparer.Ordinal);

        Assert.All(Readers.Values.Where(targets => !targets.StartsWith('-')).SelectMany(targets => targets.Split(' ')),
            target => Assert.Contains(target, known));
    }

    [GeneratedRegex(@"File\.(ReadAll|ReadLines|OpenRead|OpenText)|PlainFile\.(Open|Lines|Text|Bytes)|JsonDocument\.Parse|JsonNode\.Parse|StrictJson\.Parse|JsonSerializer\.Deserialize|Hdf5File\.Open|SampleFile\.Open|StandardOutput|new ZipArchive|FileMode\.Open,|CsvTable\.Read|ReadFromJson|BoundedYaml\.Load")]
    private static partial Regex Reading();
}
