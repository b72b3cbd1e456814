using System.Reflection;
using System.Runtime.InteropServices;

namespace Amnre.Cli.Tests;

/// <summary>No stack trace reaches a person: an exception that nobody foresaw is one sentence and a file that only its owner can
/// read.</summary>
public sealed class UnforeseenEndTests
{
    public static TheoryData<Exception, string> Ends => new()
    {
        { new OutOfMemoryException("Array dimensions exceeded"), "there is not enough memory: Array dimensions exceeded" },
        { new ExternalException("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to allocate " +
            "4000 bytes.\nException raised from here\nframe #0: f"), "there is not enough memory: [enforce fail" },
        { new ExternalException("mat1 and mat2 shapes cannot be multiplied (4x3 and 4x3)\nframe #0"),
            "it ended by an error of its own (ExternalException), which should be reported: mat1 and mat2" },
        { new TypeInitializationException("Some.Type", new DllNotFoundException("libtorch.so")), "a library of the program is missing" },
        { new TargetInvocationException(new AggregateException(new TimeoutException("after 3 s"))),
            "something did not answer in time: after 3 s" },
        { new InvalidOperationException(""), "it ended by an error of its own (InvalidOperationException)" },
        { new ArgumentException("Host=h;Password=s3cret;x"), "(ArgumentException)" },
    };

    [Theory]
    [MemberData(nameof(Ends), DisableDiscoveryEnumeration = true)]
    public void An_exception_becomes_one_line(Exception lost, string told)
    {
        var sentence = UnforeseenEnd.Sentence(lost);

        Assert.StartsWith(told.StartsWith('(') ? "it ended" : told, sentence, StringComparison.Ordinal);
        Assert.Contains(told, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
        Assert.DoesNotContain("s3cret", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_story_lies_in_a_file_of_its_owner_s()
    {
        var folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;
        try
        {
            Assert.Equal(1, UnforeseenEnd.Tell(new InvalidOperationException("first\nsecond Password=s3cret;"), folder));

            var file = Assert.Single(Directory.GetFiles(folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Contains("second", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", File.ReadAllText(file), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("train --model {\"hidden_size\":1000000000} -samples none.h5 -o big.pth", "of memory", 2)]
    [InlineData("sample --seed 0 --samples 200000000000000 -o big.h5", "free of", 1)]
    [InlineData("sample --seed 0 --samples 9000000000000000000 -o big.h5", "EB)", 1)]
    public async Task What_cannot_be_meant_is_named_before_anything_is_written(string line, string told, int expected)
    {
        var folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;
        try
        {
            var (code, _, error) = await CommandProcess.RunAsync(folder, line, TestContext.Current.CancellationToken);

            Assert.Equal(expected, code);
            Assert.Contains(told, error, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
