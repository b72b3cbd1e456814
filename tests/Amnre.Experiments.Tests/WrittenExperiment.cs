using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Testing;

namespace Amnre.Experiments.Tests;

/// <summary>Experiment files of the repository, read as a user would.</summary>
internal static class WrittenExperiment
{
    public static ExperimentFile Read(string name) => ExperimentReader.Read(Repository.File(name));
}
