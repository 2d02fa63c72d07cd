# From reads to a variant: a reference of 2,000 bases, a sample that differs from it in one, and its reads. All tools
# have to work together to find that one.
folder=$(mktemp -d)
cd "$folder"

fail() {
  echo "$*"
  exit 1
}

awk 'BEGIN {
  srand(42)
  for (i = 0; i < 2000; i++) sequence = sequence substr("ACGT", int(rand() * 4) + 1, 1)
  print ">chr" > "reference.fa"; print sequence > "reference.fa"
  was = substr(sequence, 1000, 1); is = was == "A" ? "C" : "A"
  sample = substr(sequence, 1, 999) is substr(sequence, 1001)
  for (at = 1; at <= 1900; at += 5) {
    quality = sprintf("%100s", ""); gsub(/ /, "I", quality)
    printf "@read%d\n%s\n+\n%s\n", at, substr(sample, at, 100), quality > "reads.fq"
  }
  printf "chr\t1000\t%s\t%s\n", was, is > "expected"
}'

bwa index reference.fa 2>log || fail "$(cat log)"
samtools faidx reference.fa
bwa mem reference.fa reads.fq 2>log | samtools sort -o reads.bam - || fail "$(cat log)"
samtools index reads.bam
mapped=$(samtools view -c -F 4 reads.bam)
test "$mapped" -eq 380 || fail "$mapped of 380 reads were aligned"

bcftools mpileup --fasta-ref reference.fa reads.bam 2>log | bcftools call --multiallelic-caller --variants-only \
  --output-type z --output calls.vcf.gz || fail "$(cat log)"
tabix --preset vcf calls.vcf.gz
bcftools query --format '%CHROM\t%POS\t%REF\t%ALT\n' calls.vcf.gz >called
diff expected called || fail 'these are not the variants of the sample'

covered=$(bedtools genomecov -ibam reads.bam | awk '$1 == "chr" && $2 > 0 { sum += $3 } END { print sum + 0 }')
test "$covered" -ge 1990 || fail "only $covered bases are covered"
echo "genomics: 380 reads, one variant, found"
